// How many terminal cells a text takes: two for East Asian wide characters and emoji, none for combining marks.

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const none = /\p{Mn}|\p{Me}|[\u200b-\u200d]|[\ufe00-\ufe0f]/u

export const cellsOf = (text: string): number => {
  let cells = 0
  for (const char of text) {
    if (char < '\u0300') cells++
    else if (!none.test(char)) cells += wide.test(char) ? 2 : 1
  }
  return cells
}
