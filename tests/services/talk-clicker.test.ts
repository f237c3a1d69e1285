// The clicker's service: off until asked for, on an offered address only, and over with the talk.

import { beforeEach, expect, it, test } from 'vitest'
import type { ClickerContract } from '../../electron/contract/clicker.ts'
import type { Services } from '../../electron/contract/define.ts'
import type { ClickerState, Deck } from '../../electron/contract/talk.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { ownAddresses } from '../../electron/platform/network.ts'
import { createTalkClicker, type TalkClicker, viewOf } from '../../electron/services/talk-clicker.ts'
import { createPlace, noPlaces, type Place } from '../../electron/services/talk-place.ts'
import { until } from '../rpc/suite.ts'

const slide = (id: string) => ({ id, title: id.toUpperCase(), layout: 'prose' as const, body: '', notes: `**Say** \`${id}\`.` })
const deck: Deck = { title: 'T', slides: ['cover', 'pod', 'service'].map(slide) }

let place: Place
let clicker: TalkClicker
let opened: { address: string; services: Services<ClickerContract>; onPhones(count: number): void; isOpen: boolean }[] = []
let sleeps: { ms: number; wake(): void; signal: AbortSignal }[] = []
let reads = 0
const edition = { number: 1 }

beforeEach(() => {
  opened = []
  sleeps = []
  reads = 0
  edition.number = 1
  const clock = {
    now: () => 0,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, fail) => {
        sleeps.push({ ms, wake, signal: signal as AbortSignal })
        signal?.addEventListener('abort', () => fail(signal.reason))
      }),
  }
  const report = (error: unknown) => {
    throw error
  }
  place = createPlace({ deckName: '', kept: { value: noPlaces, set: async () => {} }, clock: realClock, report })
  clicker = createTalkClicker({
    place,
    clock,
    report,
    edition: { get: () => edition },
    deck: {
      read: async () => {
        reads += 1
        return deck
      },
    },
    language: () => 'en',
    addresses: () => [{ address: '192.168.1.5', card: 'wlan0' }],
    readPage: async () => undefined,
    startClicker: async options => {
      const one = { ...options, isOpen: true }
      opened.push(one)
      return {
        url: `http://${options.address}:1/#key`,
        close: async () => {
          one.isOpen = false
        },
      }
    },
  })
})

const context = () => ({ signal: new AbortController().signal })
const state = async (): Promise<ClickerState> => {
  for await (const now of clicker.service.clicker({}, context())) return now
  throw new Error('no state')
}

it('is off, and offers the addresses of the machine', async () => {
  expect(await state()).toEqual({ addresses: [{ address: '192.168.1.5', card: 'wlan0' }], open: null })
  expect(opened).toEqual([])
})

it.each(['0.0.0.0', '::', '', '127.0.0.1', '192.168.1.6', 'evil.test'])(
  'does not open on %j, which was not offered',
  async address => {
    await expect(clicker.service.openClicker({ address }, context())).rejects.toMatchObject({ code: 'clicker.address' })
    expect(opened).toEqual([])
  },
)

it('opens, counts phones, opens anew with another key, and closes', async () => {
  await clicker.service.openClicker({ address: '192.168.1.5' }, context())
  opened[0]?.onPhones(2)
  expect((await state()).open).toEqual({ url: 'http://192.168.1.5:1/#key', address: '192.168.1.5', phones: 2 })
  await clicker.service.openClicker({ address: '192.168.1.5' }, context())
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, true])
  await clicker.service.closeClicker({}, context())
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([false, false])
  expect((await state()).open).toBeNull()
})

it('ends with the talk’s last window, not with a reload', async () => {
  await clicker.service.openClicker({ address: '192.168.1.5' }, context())
  const [audience, presenter] = [new AbortController(), new AbortController()]
  clicker.watch(audience.signal)
  clicker.watch(presenter.signal)
  audience.abort()
  expect(sleeps).toEqual([])
  presenter.abort()
  expect(sleeps.map(({ ms, signal }) => [ms, signal.aborted])).toEqual([[60_000, false]])
  const again = new AbortController()
  clicker.watch(again.signal)
  expect(sleeps[0]?.signal.aborted).toBe(true)
  expect(opened[0]?.isOpen).toBe(true)
  again.abort()
  sleeps[1]?.wake()
  await until(() => opened[0]?.isOpen === false, 'it closed')
})

it('turns within the deck, shows the slide again, and blanks', async () => {
  await clicker.service.openClicker({ address: '192.168.1.5' }, context())
  const phone = opened[0]?.services.clicker
  if (!phone) throw new Error('not open')
  await phone.turn({ step: -1 }, context())
  expect(place.position.get().slide).toBe('cover')
  await phone.blank({}, context())
  expect(place.position.get().blank).toBe('black')
  await phone.turn({ step: 1 }, context())
  expect(place.position.get()).toMatchObject({ slide: 'pod', blank: null })
  for (let n = 0; n < 5; n++) await phone.turn({ step: 1 }, context())
  expect(place.position.get().slide).toBe('service')
  // Many files: read once, and again when they changed.
  expect(reads).toBe(1)
  edition.number = 2
  await phone.turn({ step: -1 }, context())
  expect(reads).toBe(2)
})

test('a phone is told what the presenter needs, in plain words', () => {
  const told = viewOf(deck, 'en', { slide: 'pod', blank: null })
  expect(told).toEqual({ language: 'en', page: 2, count: 3, title: 'POD', notes: 'Say pod.', next: 'SERVICE', isBlank: false })
  expect(viewOf(deck, 'en', { slide: 'service', blank: 'white' })).toMatchObject({ next: '', isBlank: true })
  expect(viewOf(deck, 'en', { slide: 'not here', blank: null }).page).toBe(1)
})

test('addresses: wireless first, loopback last, no link-local, no IPv6', () => {
  const card = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) => [
    { address, family, internal, netmask: '', mac: '', cidr: null, ...(family === 'IPv6' && { scopeid: 0 }) },
  ]
  const cards = {
    lo: card('127.0.0.1', 'IPv4', true),
    docker0: card('172.17.0.1'),
    enp1s0: card('10.0.0.5'),
    wlp3s0: [...card('192.168.1.5'), ...card('fe80::1', 'IPv6')],
    eth9: card('169.254.3.4'),
  } as Parameters<typeof ownAddresses>[0]
  expect(ownAddresses(cards).map(({ card, address }) => `${card} ${address}`)).toEqual([
    'wlp3s0 192.168.1.5',
    'enp1s0 10.0.0.5',
    'docker0 172.17.0.1',
    'lo 127.0.0.1',
  ])
})
