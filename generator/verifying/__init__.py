"""What is on the website against the report it was made from: figures, sentences, parts."""
