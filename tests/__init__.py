"""The suite: unit, laws (properties), oracle, golden, storage, api, journeys, architecture, vectors."""
