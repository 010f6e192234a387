const make = (tag, text = "", kind = "") => {
  const element = document.createElement(tag)
  element.textContent = text
  if (kind) { element.className = kind }
  if (tag === "button") { element.type = "button" }
  return element
}
const option = (value, text, isChosen = false) => new Option(text, value, false, isChosen)
const number = (count) => count.toLocaleString("en-US")
