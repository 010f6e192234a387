for (const tab of tabs.children) {
  const isShown = tab.value === data.tab
  tab.ariaSelected = `${isShown}`
  tab.tabIndex = isShown ? 0 : -1
}
const page = state.page()
if (page) { page.dataset.tab = data.tab }
window.damInventory?.set?.("tab", data.tab === "table" ? "" : data.tab)
