const basemap = layer.name
window.damInventory?.set("basemap", basemap === usual ? "" : basemap)
layer.visible = false
if (!(basemap in sources)) { return }
const probe = new Image()
const report = (reached) => {
  clearTimeout(timer)
  if (layer.name !== basemap) { return }
  if (reached) {
    layer.tile_source = sources[basemap]
    layer.visible = true
  }
  layer.tags = [basemap, reached]
}
const timer = setTimeout(() => report(false), seconds * 1000)
probe.onload = () => report(true)
probe.onerror = () => report(false)
probe.src = sources[basemap].url.replace(/{[XYZ]}/g, "0")
