"""Put what a run or a study says on one HTML page, which needs nothing else and no network."""
