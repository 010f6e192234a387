const copy = async (text) => {
  // Browsers allow the clipboard only to pages that were sent over HTTPS, or by this machine.
  if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(text) }
  const field = document.createElement("textarea")
  field.value = text
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand("copy")
  field.remove()
  if (!isCopied) { throw new Error("The browser does not copy.") }
}
