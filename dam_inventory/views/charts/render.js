self.content()
self.numbers()
