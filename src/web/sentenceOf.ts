import type { Snapshot } from '../client/snapshot.ts'
import type { EngineState } from './controllers/contributorController.ts'
import { text, type Sentence } from './text.ts'

/** What the page says of the engine's state. Every state has a sentence of its own, and what would change it. */
export function sentenceOf(engine: EngineState, now: number): Sentence {
  switch (engine.state) {
    case 'off':
      return text.phases.off
    case 'loading':
      return text.phases.loading
    case 'unloadable':
      return { ...text.phases.unloadable, detail: text.unloadableBecause(engine.message) }
    case 'loaded':
      return sentenceOfPhase(engine.snapshot, now)
  }
}

function sentenceOfPhase({ phase, connection }: Snapshot, now: number): Sentence {
  switch (phase.state) {
    case 'stopped':
      if (!phase.why) return text.phases.stopped
      if (phase.why.code !== 'failed') return text.stopReasons[phase.why.code]
      return { ...text.stopReasons.failed, detail: text.failedWith(phase.why.message) }
    case 'starting':
      return text.starting[phase.step]
    case 'running':
      return text.phases.running
    case 'idle': {
      const retryAt =
        phase.retryAt ?? (connection.state === 'waiting' ? connection.retryAt : undefined)
      return withRetry(text.idle[phase.reason], retryAt, now)
    }
  }
}

function withRetry(sentence: Sentence, retryAt: number | undefined, now: number): Sentence {
  if (retryAt === undefined) return sentence
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1_000))
  return { ...sentence, detail: `${sentence.detail} ${text.retryIn(seconds)}` }
}

/** Whether the person's yes stands: there is something to stop. */
export function isOn(engine: EngineState): boolean {
  if (engine.state === 'loading') return true
  return engine.state === 'loaded' && engine.snapshot.phase.state !== 'stopped'
}
