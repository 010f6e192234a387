self.content()
