// The clicker's page, in the JavaScript of ten years ago, because phones live long. It speaks the calls and streams of contract/clicker.ts.

// What one event costs of the credit that the host gave; see rpc/protocol.ts.
const eventCost = 16384
const viewId = 1
const retryMs = 1000
const longestMs = 10000
// A host that is gone and a wrong key look alike from here: after so many tries in a row it is the key.
const patience = 4

const key = location.hash.slice(1)
let socket = null
let lastId = viewId
let failures = 0

const part = id => document.getElementById(id)

const say = word => {
  part('state').textContent = word ? part('state').getAttribute(`data-${word}`) : ''
  for (const id of ['next', 'previous', 'blank']) part(id).disabled = word !== ''
}

const send = message => {
  if (socket && socket.readyState === 1) socket.send(JSON.stringify(message))
}

const call = (method, body) => {
  lastId += 1
  send({ type: 'call', id: lastId, method, body })
  if (navigator.vibrate) navigator.vibrate(15)
}

const show = view => {
  // The page's own words are written by the host, in the language of its settings.
  if (view.language !== document.documentElement.lang) {
    location.reload()
    return
  }
  part('page').textContent = `${view.page} / ${view.count}`
  part('title').textContent = view.title
  if (part('notes').textContent !== view.notes) {
    part('notes').textContent = view.notes
    part('notes').parentNode.scrollTop = 0
  }
  const then = part('then')
  then.textContent = view.next ? then.getAttribute('data-next') + view.next : then.getAttribute('data-last')
  const blank = part('blank')
  blank.textContent = blank.getAttribute(view.isBlank ? 'data-show' : 'data-blank')
}

const open = () => {
  socket = new WebSocket(`ws://${location.host}/ws`, ['khw.clicker.v1', `auth.${key}`])
  socket.onopen = () => {
    failures = 0
    say('')
    send({ type: 'open', id: viewId, method: 'clicker.view', body: {} })
  }
  socket.onmessage = event => {
    const message = JSON.parse(event.data)
    if (message.type !== 'event') return
    send({ type: 'credit', id: viewId, amount: eventCost })
    show(message.body)
  }
  socket.onclose = () => {
    failures += 1
    say(failures > patience ? 'refused' : 'lost')
    setTimeout(open, Math.min(retryMs * failures, longestMs))
  }
}

part('next').onclick = () => call('clicker.turn', { step: 1 })
part('previous').onclick = () => call('clicker.turn', { step: -1 })
part('blank').onclick = () => call('clicker.blank', {})
say('opening')
if (key) open()
else say('refused')
