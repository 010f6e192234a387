// bokehjs would take the next message for the rest of the one that was interrupted.
const forgetHalfMessage = (connection) => {
  if (connection?._receiver !== undefined) { connection._receiver = new connection._receiver.constructor() }
}
// bokehjs would send the document back to the server from which it has just come: a message of any
// length, which undoes what the server has changed since.
const keepDocument = (session, before) => {
  if (session?._document_changed === undefined) { return }
  const isKept = "beforeReplaced" in session
  session.beforeReplaced = before
  if (isKept) { return }
  const send = session._document_changed.bind(session)
  session._document_changed = (event) => {
    if (!event.kind?.startsWith("Root")) { send(event); return }
    // The first thing that happens to the old document: all of it is still there.
    session.beforeReplaced?.()
    session.beforeReplaced = null
  }
}
