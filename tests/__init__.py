"""Tests: folders mirror those of the packages."""
