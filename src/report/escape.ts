/**
 * The text with control characters, bidirectional overrides and lone surrogates made visible
 * (`\\u001b`), and with the beginnings of commands that CI runners obey in the middle of a line
 * (`##[`, `##vso[`, `##teamcity[`) broken, so that a server or a manifest can't drive the reader's
 * terminal or pipeline. Line ends stay. Source: actions/runner, ActionCommand.cs; Azure Pipelines,
 * logging commands; TeamCity, service messages.
 */
export function escapeControls(text: string): string {
  const visible = /^[\t\n -~]*$/.test(text) ? text : text.replace(invisible, escapeUnit) // nearly always as it is
  return visible.includes('##') ? visible.replace(/##(?=[\w.-]{0,20}\[)/g, '# #') : visible
}

const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const escapeUnit = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * The text as one message on a terminal or in a log: its other lines are marked as continuations,
 * so that none looks like a message of its own or like a command of a CI runner.
 */
export const formatMessage = (text: string): string =>
  escapeControls(text).replaceAll('\n', '\n  | ')
