import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBox } from './box.ts'

/** Scripts whose output and exit code must be the same in the system's own POSIX shell. */
const scripts: Readonly<Record<string, string>> = {
  words: `echo a  b   'c  d' "e  f" g\\ h "" end; echo "it's" 'say "x"' "a\\"b" "\\$HOME"`,
  'quotes inside words': `x=1; echo a"b$x"'c$x'd\\$x"$x"`,
  variables: `x=5 y="a b"; echo $x \${x}y "$y" $y \${#y} \${z-unset} \${z:-def} "\${x:+alt}" \${z:=now} $z`,
  'variables stripped': `f=/a/b/c.tar.gz; echo \${f##*/} \${f#*/} \${f%.*} \${f%%.*} "\${f%"/c.tar.gz"}"`,
  'unset variable fails': `echo \${nope:?is not there}; echo after`,
  'command substitution': `echo $(echo a; echo b) "$(printf 'x\\n\\n')" \`echo \\\`echo deep\\\`\` $(echo $(echo in))`,
  'substitution keeps status': `x=$(false); echo $?; x=$(exit 3) ; echo $?`,
  arithmetic: `x=7; echo $((x*2+1)) $((x%4)) $(( (1+2)*3 )) $((x>5 && x<9)) $((-x/2)) $((0x1f)) $((010)) $((1<<4|1)) $((x=x+1)) $x $((x>3?10:20))`,
  pipes: `printf 'b\\na\\nc\\n' | sort | head -n 2 | tr a-z A-Z; echo a | cat | cat | wc -l`,
  'pipe status': `false | true; echo $?; true | false; echo $?; ! false | true; echo $?`,
  redirections: `echo one > f; echo two >> f; cat < f; cat f 2>/dev/null; cat nope 2>/dev/null || echo failed; wc -l < f; { echo a; echo b >&2; } > g 2>&1; cat g`,
  'descriptors by number': `exec 3> three; echo hello >&3; exec 3>&-; cat three; exec 4< three; read line <&4; echo "got $line"`,
  'here-documents': `x=X; cat <<E\n$x "q" \\$x $(echo sub)\nE\ncat <<'E'\n$x \\n\nE\ncat <<-E\n\tindented\n\tE\n`,
  'two here-documents': `cat <<A; cat <<B\nfirst\nA\nsecond\nB\n`,
  'and, or': `true && echo yes || echo no; false && echo yes || echo no; false || false || echo third; true; echo $?`,
  'if elif else': `for x in 1 2 3; do if [ $x = 1 ]; then echo one; elif [ $x = 2 ]; then echo two; else echo other; fi; done`,
  'while, until, break, continue': `i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; until [ $i = 6 ]; do i=$((i+1)); done; echo $i`,
  'nested break': `for a in 1 2; do for b in x y; do [ $b = y ] && break 2; echo $a$b; done; done; echo end`,
  case: `for x in apple banana 'a b' '*' x.sh; do case $x in a*e) echo A;; [bc]*|d) echo B;; "a b") echo C;; '*') echo star;; *.sh) echo script;; *) echo D;; esac; done`,
  functions: `f() { echo "$# $1"; local v=in; return 3; }; v=out; f a b; echo $? $v; g() { f "$@"; }; g x y z; h() ( exit 4 ); h; echo $?`,
  'recursive function': `fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 6`,
  'positional parameters': `set -- a 'b c' d; echo $# "$2"; for x in "$@"; do echo "<$x>"; done; for x in $*; do echo "[$x]"; done; shift; echo "$1 $#"; echo "$*"`,
  'IFS splits': `x=a:b::c; IFS=:; for p in $x; do echo "<$p>"; done; set -- 1 2 3; echo "$*"`,
  'read splits': `echo 'a b c d' | { read x y z; echo "$x|$y|$z"; }; echo 'a:b:c' | { IFS=: read x y; echo "$x|$y"; }; printf 'l1\\nl2\\n' | while read -r l; do echo "<$l>"; done`,
  globs: `touch a1 a2 b1 .hid; echo a* *1 [ab]1 ?2 no*match "a*" a\\*; for f in *; do echo $f; done; x='a*'; echo $x "$x"`,
  'globs in folders': `mkdir -p d/e; touch d/x.txt d/e/y.txt; echo */*.txt d/*/*.txt */`,
  test: `[ -f nope ]; echo $?; touch f; [ -f f ] && [ ! -d f ] && echo file; [ -z "" ] && echo empty; [ 3 -gt 2 -a 1 -eq 1 ] && echo and; [ a = b -o x != y ] && echo or; test -n x; echo $?; [ "a" \\< "b" ]; echo $?`,
  printf: `printf '%s %d %5.2f|%-5s|%05d|%x|%c\\n' str 42 3.14159 ab 42 255 xyz; printf '%s\\n' a b c; printf '%b' 'x\\ty\\n'; printf '%%\\n'`,
  subshell: `x=1; (x=2; echo $x; cd /); echo $x; (exit 7); echo $?; { x=3; }; echo $x`,
  'exit status of the script': `echo before; exit 42; echo never`,
  'errexit ends': `set -e; false || true; if false; then :; fi; echo here; false; echo never`,
  'errexit in a function': `set -e; f() { false; echo no; }; f; echo no`,
  nounset: `set -u; echo start; echo $nope; echo never`,
  'not found': `nosuchcommand 2>/dev/null; echo $?; ./nosuch 2>/dev/null; echo $?; touch plain; ./plain 2>/dev/null; echo $?`,
  export: `x=1; export y=2; sh -c 'echo "$x:$y:$z"'; z=3 sh -c 'echo "$x:$y:$z"'; echo "[$z]"`,
  eval: `x='echo hi; y=9'; eval "$x"; echo $y; eval 'echo \\$y'`,
  trap: `trap 'echo bye' EXIT; echo hi; exit 5`,
  'trap in a signal': `trap 'echo got' USR1; kill -USR1 $$; echo after`,
  'background and wait': `(echo bg; exit 3) & wait $!; echo $?; false & p=$!; wait $p; echo $?; { echo a; } & wait; echo done`,
  'dot and scripts': `echo 'v=5; echo "in $1"' > lib; . ./lib; echo $v; echo 'echo "$0 $1 $#"' > s; sh s x y`,
  'script with a first line': `printf '#!/bin/sh\\necho "script $1"\\nexit 9\\n' > run; chmod +x run; ./run arg; echo $?`,
  'sh reads its input': `printf 'echo from stdin\\nif true; then\\necho inside\\nfi\\nexit 3\\n' | sh; echo $?`,
  comments: `echo a # comment\n# whole line\necho b#c`,
  'line continuation': `echo one \\\ntwo; echo "a\\\nb"`,
  'empty fields': `set -- "" x ""; echo $#; e=; set -- $e; echo $#; set -- "$e"; echo $#; set -- "$@" y; echo $#`,
  'at inside words': `set -- a b c; for x in "pre$@post"; do echo "<$x>"; done`,
  getopts: `set -- -a -b val rest; while getopts ab: o; do echo "$o $OPTARG"; done; shift $((OPTIND-1)); echo "$1"`,
  'command -v': `command -v nosuch; echo $?; command echo plain; f() { :; }; command -v f`,
  'sed, grep, cut': `printf 'k1=v1\\nk2=v2\\n#c\\n' > c; grep -v '^#' c | sed 's/=\\(.*\\)/ -> [\\1]/' ; grep -c k c; cut -d= -f2 c; sed -n '2p' c; sed -i 's/v/w/g' c; cat c; sed '1,2d;s/#/!/' c`,
  'sort, uniq': `printf '10\\n9\\n10\\n2\\n' | sort; printf '10\\n9\\n10\\n2\\n' | sort -n | uniq -c | sed 's/^ *//'; printf 'b 2\\na 10\\nc 1\\n' | sort -k2 -n; printf 'a\\na\\nb\\n' | uniq -d`,
  'head, tail, tr, seq': `seq 1 10 | tail -n 3; seq 10 | head -n 2; seq 5 -2 1; echo hello | tr 'a-y' 'b-z'; echo aabbcc | tr -s a-z; echo a1b2 | tr -d 0-9; seq 1 3 | tail -n +2`,
  'find and xargs': `mkdir -p p/q; touch p/1.c p/q/2.c p/3.h; find p -name '*.c' | sort; find p -type d | sort; echo 'a b c' | xargs -n 1 echo x; find p -name '*.h' -exec echo got {} \\;`,
  'hashes and base64': `printf abc | md5sum; printf abc | sha256sum; printf 'hello world' | base64; echo aGk= | base64 -d`,
  'names of files': `basename /a/b.txt .txt; basename /a/; dirname /a/b; dirname x; echo x | tee t1 t2; cat t1 t2; ln -s t1 l; readlink l; cat l`,
  'copying and moving': `mkdir d; echo x > a; cp a b; mv b d; ls d; cp -r d e; ls e; rm -r d; [ -d d ] || echo gone; rm nope 2>/dev/null || echo missing; rm -f nope; echo $?`,
}

const places = mkdtempSync(join(tmpdir(), 'shell-'))
afterAll(() => rmSync(places, { recursive: true }))

describe('the shell and its programs against the system’s own', () => {
  for (const [name, script] of Object.entries(scripts)) {
    it(name, async () => {
      const cwd = mkdtempSync(join(places, 'x'))
      const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: '/root' }
      const real = spawnSync('/bin/sh', ['-c', script], { cwd, env, encoding: 'utf8' })
      const { sh } = createBox()
      const ours = await sh(`mkdir /w; cd /w; ${script}`)
      expect({ code: ours.code, out: ours.out }).toEqual({ code: real.status, out: real.stdout })
      const { out } = await sh('ls -A /w')
      expect(out.split('\n').filter(Boolean)).toEqual(readdirSync(cwd).sort())
    })
  }
})

describe('words of busybox', () => {
  const box = createBox()
  beforeAll(() => box.sh('echo x > /file; mkdir /dir'))
  const cases: readonly [script: string, err: string, code: number][] = [
    ['foo', 'sh: foo: not found\n', 127],
    ['./foo', 'sh: ./foo: not found\n', 127],
    ['/file', 'sh: /file: Permission denied\n', 126],
    ['cat nope', "cat: can't open 'nope': No such file or directory\n", 1],
    ['ls nope', 'ls: nope: No such file or directory\n', 1],
    ['cd nope', "sh: cd: can't cd to nope: No such file or directory\n", 2],
    ['echo > /nope/x', "sh: can't create /nope/x: nonexistent directory\n", 1],
    ['cat < nope', "sh: can't open nope: no such file\n", 1],
    ['rm nope', "rm: can't remove 'nope': No such file or directory\n", 1],
    ['rm dir', "rm: 'dir' is a directory\n", 1],
    ['mkdir dir', "mkdir: can't create directory 'dir': File exists\n", 1],
    ['mkdir a/b/c', "mkdir: can't create directory 'a/b/c': No such file or directory\n", 1],
    ['cp nope x', "cp: can't stat 'nope': No such file or directory\n", 1],
    ['sleep x', "sleep: invalid number 'x'\n", 1],
    ['ls -Z9', "ls: invalid option -- 'Z'\n", 1],
    ['if true', 'sh: syntax error: unexpected end of file (expecting "then")\n', 2],
    ['echo )', 'sh: syntax error: unexpected ")"\n', 2],
    ['wget -qO- nosuch', "wget: bad address 'nosuch'\n", 1],
    ['wget -qO- 127.0.0.1:81', "wget: can't connect to remote host (127.0.0.1): Connection refused\n", 1],
    ['ping -c1 nosuch', "ping: bad address 'nosuch'\n", 1],
  ]
  for (const [script, err, code] of cases)
    it(script, async () => {
      const ran = await box.sh(script)
      expect(ran.code).toBe(code)
      expect(ran.err).toBe(err)
    })

  it('a busy loop lets others run, and dies of SIGKILL', async () => {
    const ran = await box.sh('while true; do :; done & p=$!; sleep 0.1; kill -9 $p; wait $p; echo $?')
    expect(ran.out).toBe('137\n')
  })

  it('yes ends when nobody reads', async () => {
    expect((await box.sh('yes | head -n 2; echo $?')).out).toBe('y\ny\n0\n')
  })

  it('keeps binary data through pipes and files', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256)
    const ran = await box.exec(['sh', '-c', 'cat > /bin.dat; cat /bin.dat | cat'], bytes)
    expect(ran.bytes.equals(bytes)).toBe(true)
    expect((await box.sh('sha256sum < /bin.dat')).out.slice(0, 64)).toBe(
      execFileSync('sha256sum', { input: bytes, encoding: 'utf8' }).slice(0, 64),
    )
  })
})
