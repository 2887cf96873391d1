"""The text engine: reads tips and messages, says what they are about, what they name, which others they resemble."""
