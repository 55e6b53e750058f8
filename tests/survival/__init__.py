"""Masters with everything an office may keep in one, before and after the product's runs."""
