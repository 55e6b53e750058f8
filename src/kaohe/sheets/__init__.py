"""Results and forms as SheetPlans: where a number stands, its live formula, its cached value, its role."""
