// bokehjs 3.9 requests a failed tile again every millisecond, without end: after the first failure
// its counter of attempts is already past the limit that it is compared with.
const images = Bokeh.loader?.["core/util/image"]
if (images !== undefined && images.ImageLoader.tries_once !== true) {
  images.ImageLoader = class {
    static tries_once = true
    constructor(src, {loaded, failed} = {}) {
      this.finished = false
      this.image = new Image()
      this.image.crossOrigin = "anonymous"
      this.promise = new Promise((resolve) => {
        this.image.onload = () => { this.finished = true; loaded?.(this.image); resolve(this.image) }
        this.image.onerror = () => failed?.()
      })
      this.image.src = src instanceof ArrayBuffer ? URL.createObjectURL(new Blob([src])) : src
    }
  }
}
// Bokeh snaps a map to a zoom level of its tiles, and stretches it when its size changes.
const {prototype} = layer.default_view
const enforce = prototype._enforce_aspect_ratio
if (enforce !== undefined && prototype.leavesOursAlone !== true) {
  prototype.leavesOursAlone = true
  prototype._enforce_aspect_ratio = function () {
    if (this.model.name === null) { enforce.call(this) }
  }
}
// Otherwise a tile that leaves the view before it loads would keep the page busy without end.
for (const view of Bokeh.index.find(layer)) { view.has_finished = () => true }
