for (const tab of tabs.children) {
  const isShown = tab.value === data.tab
  tab.ariaSelected = `${isShown}`
  tab.tabIndex = isShown ? 0 : -1
}
const page = state.page()
if (page) { Object.assign(page.dataset, {tab: data.tab, card: data.card, cards: data.cards}) }
window.damInventory?.set?.("tab", data.tab === "table" ? "" : data.tab)
