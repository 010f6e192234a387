try { if (data.keeps_lists) { localStorage.setItem("dam_inventory.lists", data.lists) } } catch { /* It may not be allowed. */ }
