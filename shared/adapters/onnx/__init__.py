"""Small transformer models of our own on ONNX Runtime: vectors of texts, classes of texts."""
