"""Writers: what a channel hears, in its own format. Pure: values in, bytes out."""
