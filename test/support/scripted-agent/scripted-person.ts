export interface Choice {
  readonly flag: string
  readonly label: string
}

export interface Question {
  /** Of the refusal, or a word for what a step has the agent ask. */
  readonly code: string
  readonly message: string
  readonly choices: readonly Choice[]
}

/** Somebody who answers what they were asked with one of the choices, and remembers it. */
export interface ScriptedPerson {
  /** What was asked, with the answer, oldest first. */
  readonly asked: (readonly [code: string, answer: string])[]
  /** Everything an agent has said without asking. */
  readonly told: string[]
  ask(question: Question): string
}

/** `answers` are flags by code; to a question of which nothing is said there nobody answers, and the agent cannot go on. */
export function makePerson(answers: Readonly<Record<string, string>>): ScriptedPerson {
  const asked: [string, string][] = []
  return {
    asked,
    told: [],
    ask({ code, message, choices }) {
      const answer = answers[code]
      if (answer === undefined) throw new Error(`nobody answers ${code}: ${message}`)
      if (!choices.some(({ flag }) => flag === answer))
        throw new Error(`${code} has no choice ${answer}: ${choices.map(({ flag }) => flag).join(', ')}`)
      asked.push([code, answer])
      return answer
    },
  }
}
