"""The webhook door: carries out the attempts that views grant, and answers every one of them."""
