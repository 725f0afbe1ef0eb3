"""What is sold and at what list price: charges, products, the ladder of tiers, bundles and price books."""
