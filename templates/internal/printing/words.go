package printing

// WithArticle puts the indefinite article before a type's name.
func WithArticle(name string) string {
	if c := name[0] | 0x20; c < 'a' || c > 'z' {
		return "a " + name
	}
	return Article(name) + " " + name
}

// Article is the indefinite article of a name.
func Article(name string) string {
	switch name[0] | 0x20 {
	case 'a', 'e', 'i', 'o':
		return "an"
	default:
		return "a"
	}
}
