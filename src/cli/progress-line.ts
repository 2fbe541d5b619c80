import { writePieces } from './output.ts'

/** How far the look-ups of a run are. */
interface Progress {
  readonly repositories: number
  readonly finished: number
  readonly pages: number
  readonly waiting: readonly { readonly host: string; readonly milliseconds: number }[]
}

/** One line of the terminal on stderr that says how far the look-ups are, as long as they last. */
export function progressLine(): { show(progress: Progress): void; clear(): void } {
  let shown = false
  return {
    show({ repositories, finished, pages, waiting }) {
      const waits = waiting.map(
        ({ host, milliseconds }) => `${host} asks to wait ${Math.ceil(milliseconds / 1000)} s`,
      )
      write(
        [
          `asking registries: ${finished} of ${repositories} repositories done, ${pages} pages read`,
          ...waits,
        ].join('; '),
      )
      shown = true
    },
    clear() {
      if (shown) write('')
    },
  }
}

const write = (line: string) => writePieces(2, [`\r\u001b[K${line}`])
