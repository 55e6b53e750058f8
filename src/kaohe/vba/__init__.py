"""VBA from text: source files to a vbaProject.bin and an Excel add-in package. Knows nothing of kaohe."""
