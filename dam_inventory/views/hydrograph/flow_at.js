// The flow of each curve at the time below the pointer, on the straight line between its points.
const {x: at, y} = cb_obj
const unit = axis.axis_label.slice("Flow (".length, -1)
const number = new Intl.NumberFormat("en-US", {maximumSignificantDigits: 5})
const short = (name) => name.length > 26 ? `${name.slice(0, 25)}…` : name
const said = lines.flatMap(({name, data_source: {data: {time, flow}}}) => {
  if (!(time.length > 1 && time[0] <= at && at <= time[time.length - 1])) { return [] }
  let [before, after] = [0, time.length - 1]
  while (after - before > 1) {
    const middle = (before + after) >> 1
    if (time[middle] <= at) { before = middle } else { after = middle }
  }
  const share = (at - time[before]) / (time[after] - time[before])
  const value = share === 0 ? flow[before] : flow[before] + share * (flow[after] - flow[before])
  return [`${short(name)}: ${Number.isNaN(value) ? "missing" : `${number.format(value)} ${unit}`}`]
})
// Milliseconds since 1970, as the clock of the time zone shows them, not as that of this computer.
const isDate = hours.formatter.type === "DatetimeTickFormatter"
const when = isDate
  ? new Date(Math.round(at)).toISOString().slice(0, 16).replace("T", " ")
  : `${number.format(at)} hours`
const isLeft = at < (range.start + range.end) / 2
// The server need not know it.
mark.setv({location: at, visible: said.length > 0}, {sync: false})
label.setv({
  x: at, y, x_offset: isLeft ? 10 : -10, text_align: isLeft ? "left" : "right",
  text: [`At ${when}`, ...said].join("\n"), visible: said.length > 0,
}, {sync: false})
