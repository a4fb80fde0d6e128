"""The staff's pages at `/office`: rendered here, writing nothing but through the desk."""
