import * as z from 'zod'

const choice = z.looseObject({
  flag: z.string().describe('what a person would type'),
  label: z.string().describe('in words, to ask the person with'),
})

const error = z.looseObject({
  code: z.string().describe('stable; match on it'),
  message: z.string(),
  hint: z.string().optional().describe('the way on'),
  choices: z.array(choice).describe('where there are any, a person decides'),
  details: z.looseObject({}),
})

const finding = z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() })

/** The document every tool answers with, as far as it is the same for all: that of `--json`. */
export const answerSchema = z.looseObject({
  version: z.literal(1),
  command: z.string(),
  ok: z.boolean(),
  data: z.looseObject({}).optional().describe('what the command found or did; its fields are in the reference'),
  findings: z.array(finding).optional().describe('worth telling the person, each'),
  error: error.optional().describe('why it is not ok'),
})
