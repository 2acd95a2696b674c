"""Closed shapes of requests and answers: reference/http.md as pydantic models."""
