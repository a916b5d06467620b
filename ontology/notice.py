"""What every output says of itself."""

NOTICE = "Educational, not medical advice; reviewed by no clinician."
