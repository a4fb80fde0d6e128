"""What is drawn for the eye: pages and pictures, as bytes. Nothing here asks or changes anything."""
