import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpProxy, startHttpProxy } from '../../../electron/practice/network/http-proxy.ts'
import { createBox, createCluster } from './box.ts'

const cluster = createCluster()
const box = createBox({ image: 'openresty/openresty:alpine', cluster })
let proxy: HttpProxy
beforeAll(async () => {
  proxy = await startHttpProxy(cluster.network)
})
afterAll(() => proxy.close())

/** Real curl, through the proxy. */
const curl = async (path: string, ...args: string[]) =>
  (await promisify(execFile)('curl', ['-s', '-x', proxy.url, ...args, `http://${box.ip}${path}`])).stdout
const configure = async (text: string) => {
  await box.exec(['sh', '-c', 'cat > /etc/nginx/conf.d/default.conf'], text)
  return box.exec(['nginx', '-s', 'reload'])
}
const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`

describe('openresty as it comes', () => {
  it('shows its welcome page with nginx’ headers', async () => {
    const answer = await curl('/', '-i')
    expect(answer).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: openresty\/[\d.]+\r\nDate: .* GMT\r\nContent-Type: text\/html\r\nContent-Length: 106\r\nLast-Modified: .* GMT\r\n/,
    )
    expect(answer).toContain('<h1>Welcome to OpenResty!</h1>')
    expect(await curl('/50x.html')).toContain('An error occurred')
  })

  it('writes nginx’ access and error log', async () => {
    expect(await curl('/nosuch', '-A', 'me')).toBe(page('404 Not Found'))
    const logs = await box.logs()
    expect(logs).toMatch(
      /^10\.42\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:[\d:]{8} \+0000\] "GET \/ HTTP\/1\.1" 200 106 "-" "curl\/[\d.]+"$/m,
    )
    expect(logs).toMatch(/"GET \/nosuch HTTP\/1\.1" 404 150 "-" "me"$/m)
    expect(logs).toMatch(
      /\[error\] \d+#\d+: \*\d+ open\(\) "\/usr\/local\/openresty\/nginx\/html\/nosuch" failed \(2: No such file or directory\), client: 10\.42\.0\.1, server: localhost, request: "GET \/nosuch HTTP\/1\.1", host: "10\.42\.0\.2"$/m,
    )
  })

  it('has a master and a worker, and replaces a worker that dies', async () => {
    expect((await box.exec(['ps'])).out).toMatch(
      / 1 root .* nginx: master process \/usr\/local\/openresty\/bin\/openresty -g daemon off;\n.*nginx: worker process\n/,
    )
    expect((await box.sh('kill -9 $(pidof nginx: | cut -d" " -f1); sleep 0.05; ps | grep -c "worker process$"')).out).toBe('1\n')
  })

  it('answers its options', async () => {
    expect(await box.exec(['nginx', '-v'])).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^nginx version: openresty\/[\d.]+\n$/),
    })
    const path = '/usr/local/openresty/nginx/conf/nginx.conf'
    expect(await box.exec(['openresty', '-t'])).toMatchObject({
      code: 0,
      err: `nginx: the configuration file ${path} syntax is ok\nnginx: configuration file ${path} test is successful\n`,
    })
  })
})

describe('the first lab', () => {
  const lab = `server {
    listen       80;
    server_name  localhost;
    keepalive_timeout 60s; # resolver ...
    location = /hello-world {
        default_type text/html;
        content_by_lua '
            ngx.say(string.format([[
<h1>Hello World!</h1>
Server Addr: %s <br />
            ]], ngx.var.server_addr))
        ';
    }
    location / { root /usr/local/openresty/nginx/html; index index.html index.htm; }
}`

  it('answers from Lua after a reload', async () => {
    expect(await configure(lab)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^\d{4}\/\d\d\/\d\d [\d:]{8} \[notice\] (\d+)#\1: signal process started\n$/),
    })
    expect(await curl('/hello-world')).toBe(`<h1>Hello World!</h1>\nServer Addr: ${box.ip} <br />\n            \n`)
    expect(await curl('/hello-world', '-i')).toMatch(/Content-Type: text\/html\r\nTransfer-Encoding: chunked\r\n/)
  })

  it('keeps the old configuration when the new one is broken', async () => {
    const broken = await configure('server { listen 80; location / { roo t; } }')
    expect(broken.code).toBe(1)
    expect(broken.err).toMatch(
      /^[\d/]+ [\d:]+ \[emerg\] .*: unknown directive "roo" in \/etc\/nginx\/conf\.d\/default\.conf:1\nnginx: \[emerg\] unknown directive "roo" in .*:1\n$/,
    )
    await box.exec(['kill', '-HUP', '1'])
    expect(await curl('/hello-world')).toContain('Hello World!')
    expect(await box.logs()).toMatch(/\[emerg\] 1#1: unknown directive "roo"/)
  })

  it('does not start with a broken configuration', async () => {
    const bad = createBox({
      image: 'openresty/openresty',
      command: ['sh', '-c', 'echo "}" > /etc/nginx/conf.d/default.conf; exec openresty'],
    })
    expect(await bad.container.exited).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(await bad.logs()).toContain('nginx: [emerg] unexpected "}" in /etc/nginx/conf.d/default.conf:1\n')
  })
})

describe('configuration errors, in the words of nginx 1.22', () => {
  // Each was answered by the real program.
  const cases: readonly [text: string, message: string][] = [
    ['server { listen 80; location / { root /x } }', 'unexpected "}" in FILE:1'],
    ['server { listen 80; location / { root /x; } \n', 'unexpected end of file, expecting "}" in FILE:2'],
    ['server { listen 80; location / { root; } }', 'invalid number of arguments in "root" directive in FILE:1'],
    ['server { listen abc; }', 'host not found in "abc" of the "listen" directive in FILE:1'],
    ["server { listen 80; location / { content_by_lua 'ngx.say(\n", 'unexpected end of file, expecting ";" or "}" in FILE:2'],
    ['server { listen 80; location / { proxy_pass http://nohost; } }', 'host not found in upstream "nohost"'],
    ['server { listen 80; location / { proxy_pass nohost; } }', 'invalid URL prefix in FILE:1'],
    ['server { listen 80; location / { return abc; } }', 'invalid return code "abc" in FILE:1'],
    ['server { listen 80; location / { return 200 $nosuch; } }', 'unknown "nosuch" variable'],
    ['server { listen 80; location / {} location / {} }', 'duplicate location "/" in FILE:1'],
    ['listen 80;', '"listen" directive is not allowed here in FILE:1'],
    ['server { root a; root b; }', '"root" directive is duplicate in FILE:1'],
    ['server { location { root a; } }', 'invalid number of arguments in "location" directive in FILE:1'],
    ['server { error_page abc /x; }', 'invalid value "abc" in FILE:1'],
    ['server { keepalive_timeout x; }', '"keepalive_timeout" directive invalid value in FILE:1'],
    ['server { listen 80; };', 'unexpected ";" in FILE:1'],
    ["server { location ~ '(' { } }", 'pcre2_compile() failed: missing closing parenthesis in "(" in FILE:1'],
    ["server { location / { root 'abc'd; } }", 'unexpected "d" in FILE:1'],
    ['server { alias x; }', '"alias" directive is not allowed here in FILE:1'],
    [
      'server { location / { root a; alias x; } }',
      '"alias" directive is duplicate, "root" directive was specified earlier in FILE:1',
    ],
    ['server { location / { root /a; { } }', 'unexpected "{" in FILE:1'],
    ['server { location /a { location /b {} } }', 'location "/b" is outside location "/a" in FILE:1'],
    ['server;', 'directive "server" has no opening "{" in FILE:1'],
    ['server { root a { } }', 'directive "root" is not terminated by ";" in FILE:1'],
  ]
  const other = createBox({ image: 'openresty/openresty', command: ['sleep', '999'] })
  it.each(cases)('%s', async (text, message) => {
    await other.exec(['sh', '-c', 'cat > /etc/nginx/conf.d/default.conf'], text)
    const ran = await other.exec(['nginx', '-t'])
    expect(ran.code).toBe(1)
    expect(ran.err.split('\n')[0]).toBe(`nginx: [emerg] ${message.replace('FILE', '/etc/nginx/conf.d/default.conf')}`)
  })
})

describe('what a server block can do', () => {
  beforeAll(async () => {
    await box.sh(
      'mkdir -p /www/d /www/e; echo A > /www/a.txt; echo I > /www/d/index.html; echo J > /www/x.json; echo oops > /www/oops.html',
    )
    const ran = await configure(`
upstream group { server 127.0.0.1:8081; server 127.0.0.1:8082; }
server { listen 8081; return 200 "one"; }
server { listen 8082; return 200 "two"; }
server { listen 80; server_name other.example *.wild.example; default_type text/plain; return 200 "other $host\\n"; }
server {
  listen 80 default_server;
  root /www; index index.html;
  add_header X-Pod $hostname;
  error_page 404 /oops.html;
  error_page 418 = @teapot;
  location = / { return 200 exact; }
  location / { try_files $uri $uri/ =404; }
  location ^~ /static/ { return 200 caret; }
  location ~ \\.(json|txt)$ { add_header X-Kind "re $1"; }
  location ~* ^/IMG/(?<name>.+)$ { return 200 "img $name"; }
  location /static { return 200 prefix; }
  location /alias/ { alias /www/d/; }
  location /list/ { alias /www/; autoindex on; }
  location /redir { return 301 /there?x=$arg_x; }
  location /text { default_type text/plain; return 200 "a=$arg_a u=$uri r=$request_uri m=$request_method h=$http_x_test s=$server_name:$server_port"; }
  location /old { rewrite ^/old/(.*)$ /text/$1?a=new last; }
  location /perm { rewrite ^ /new permanent; }
  location /secret { internal; }
  location /deny { deny all; }
  location /tea { return 418; }
  location @teapot { return 200 "short and stout"; }
  location /lb/ { proxy_pass http://group/; }
  location /gone { proxy_pass http://127.0.0.1:9; }
  location /if { if ($arg_v = yes) { return 200 yes; } return 200 no; }
  location /set { set $x "v"; return 200 "$x\${x}y"; }
}`)
    expect(ran).toMatchObject({ code: 0 })
  })
  const answers: readonly [path: string, want: string | RegExp, ...args: string[]][] = [
    ['/', 'exact'],
    ['/a.txt', 'A\n'],
    ['/static/x.txt', 'caret'],
    ['/static.png', 'prefix'],
    ['/img/cat', 'img cat'],
    ['/d/', 'I\n'],
    ['/alias/index.html', 'I\n'],
    ['/nope', 'oops\n'],
    ['/nope', /^HTTP\/1.1 404 Not Found/, '-i'],
    ['/x.json', /Content-Type: application\/json\r\n[\s\S]*X-Kind: re json/, '-i'],
    ['/a.txt', /X-Kind: re txt\r\n/, '-I'],
    ['/d/', /X-Pod: box\r\n/, '-I'],
    ['/d', /301 Moved Permanently[\s\S]*Location: http:\/\/10\.42\.0\.2\/d\//, '-I'],
    ['/list/', /<h1>Index of \/list\/<\/h1>[\s\S]*<a href="a.txt">a.txt<\/a>/],
    ['/redir?x=1', /^HTTP\/1.1 301 Moved Permanently\r\n[\s\S]*Location: http:\/\/10\.42\.0\.2\/there\?x=1\r\n/, '-i'],
    ['/text/%41?a=1', 'a=1 u=/text/A r=/text/%41?a=1 m=GET h=v s=:80', '-H', 'X-Test: v'],
    ['/old/z?b=2', 'a=new u=/text/z r=/old/z?b=2 m=GET h= s=:80'],
    ['/perm', /301 Moved Permanently[\s\S]*Location: http:\/\/10\.42\.0\.2\/new\r\n/, '-i'],
    ['/secret', 'oops\n'],
    ['/deny', page('403 Forbidden')],
    ['/tea', 'short and stout'],
    ['/gone', page('502 Bad Gateway')],
    ['/if?v=yes', 'yes'],
    ['/if', 'no'],
    ['/set', 'vvy'],
    ['/x', 'other other.example\n', '-H', 'Host: other.example'],
    ['/x', 'other a.wild.example\n', '-H', 'Host: A.wild.example'],
    ['/a/../d/./', 'I\n', '--path-as-is'],
    ['/a.txt', page('405 Not Allowed'), '-X', 'POST'],
  ]
  it.each(answers)('%s', async (path, want, ...args) => {
    const answer = await curl(path, ...args)
    if (typeof want === 'string') expect(answer).toBe(want)
    else expect(answer).toMatch(want)
  })

  it('takes turns among the servers of a group', async () => {
    expect([await curl('/lb/'), await curl('/lb/'), await curl('/lb/')].join(' ')).toMatch(/^(one two one|two one two)$/)
  })

  it('says 304 to who has the file already', async () => {
    const etag = /ETag: (.*)\r\n/.exec(await curl('/a.txt', '-I'))?.[1] ?? ''
    expect(await curl('/a.txt', '-i', '-H', `If-None-Match: ${etag}`)).toMatch(/^HTTP\/1.1 304 Not Modified\r\n/)
  })

  it('binds new ports and gives up old ones at a reload', async () => {
    expect((await box.sh('wget -qO- localhost:8081')).out).toBe('one')
    await configure('server { listen 81; return 200 new; }')
    expect((await box.sh('wget -qO- localhost:81')).out).toBe('new')
    expect((await box.sh('wget -qO- localhost:8081')).err).toContain('Connection refused')
  })
})

describe('Lua', () => {
  const lua = async (code: string, path = '/lua?a=1&b=x%20y&a=2') => {
    await configure(
      `server { listen 80; location /lua { default_type text/plain; content_by_lua_block { ${code} } } location /other { return 200 other; } error_page 403 /denied; location = /denied { return 200 custom; } }`,
    )
    return curl(path, '-i')
  }
  const body = async (code: string) => (await lua(code)).split('\r\n\r\n').slice(1).join('\r\n\r\n')

  it('says values as openresty does', async () => {
    expect(await body('ngx.say(1, " ", 2.5, " ", 10/2, " ", nil, true, {"x", 1, {"y"}}) ngx.print("a") ngx.print("b")')).toBe(
      '1 2.5 5 niltruex1y\nab',
    )
    expect(await body('ngx.say(tostring(4/2), " ", string.format("%d %s %5.2f", 3.0, 7/7, 1/3), " ", #"汉", " ", 2^53)')).toBe(
      '2 3 1  0.33 3 9.007199254741e+15\n',
    )
  })

  it('is Lua 5.1 where labs meet it', async () => {
    expect(await body('ngx.say(unpack({1, 2}), loadstring("return 5")(), table.getn({1,2}), math.pow(2, 3), _VERSION)')).toBe(
      '12528Lua 5.1\n'.replace('12528', '1528'),
    )
    expect(
      await body(
        'ngx.say(require("bit").band(12, 10), require("cjson").encode({a = {1, 2}}), require("cjson").decode("[3]")[1])',
      ),
    ).toBe('8{"a":[1,2]}3\n')
  })

  it('reads the request', async () => {
    expect(
      await body(
        'local a = ngx.req.get_uri_args() ngx.say(a.a[1], a.a[2], a.b, ngx.var.arg_b, ngx.req.get_method(), ngx.req.get_headers()["host"], ngx.var.uri)',
      ),
    ).toBe(`12x yx%20yGET${box.ip}/lua\n`)
  })

  it('sets status and headers', async () => {
    expect(await lua('ngx.status = 201 ngx.header["X-One"] = "1" ngx.header.content_type = "text/x" ngx.say("ok")')).toMatch(
      /^HTTP\/1.1 201 Created\r\n[\s\S]*Content-Type: text\/x\r\n[\s\S]*X-One: 1\r\n/,
    )
  })

  it('exits, redirects, and goes elsewhere', async () => {
    expect(await lua('ngx.exit(404)')).toMatch(/^HTTP\/1.1 404 Not Found/)
    expect(await lua('ngx.exit(ngx.HTTP_FORBIDDEN)')).toMatch(/custom$/)
    expect(await lua('ngx.redirect("/x")')).toMatch(/^HTTP\/1.1 302 Moved Temporarily[\s\S]*Location: http:\/\/.*\/x\r\n/)
    expect(await lua('ngx.exec("/other")')).toMatch(/other$/)
  })

  it('waits without holding up others, inside pcall and loops too', async () => {
    await configure(
      'server { listen 80; location /slow { content_by_lua_block { local ok = pcall(function() for i = 1, 3 do ngx.sleep(0.1) end end) ngx.say("slow ", ok, ngx.var.arg_n) } } location /fast { content_by_lua_block { ngx.say("fast") } } }',
    )
    const order: string[] = []
    const keep = (text: string) => order.push(text.trim())
    await Promise.all([curl('/slow?n=1').then(keep), curl('/slow?n=2').then(keep), curl('/fast').then(keep)])
    expect(order[0]).toBe('fast')
    expect(order.slice(1).sort()).toEqual(['slow true1', 'slow true2'])
  })

  it('answers 500 and logs where the code is wrong', async () => {
    expect(await lua('local x = nil\nngx.say(x.y)')).toMatch(/^HTTP\/1.1 500 Internal Server Error/)
    expect(await box.logs()).toMatch(
      /lua entry thread aborted: runtime error: content_by_lua\(default\.conf:\d+\):2: attempt to index/,
    )
    await lua('ngx.say(')
    expect(await box.logs()).toMatch(
      /failed to load inlined Lua code: content_by_lua\(default\.conf:\d+\):1: unexpected symbol near <eof>/,
    )
  })

  it('is stopped when it never ends, and reaches nothing outside its container', async () => {
    expect(await lua('while true do end')).toMatch(/^HTTP\/1.1 500/)
    expect(
      await body(
        'ngx.say(tostring(io), tostring(os.execute), tostring(debug), tostring(dofile), tostring(js), pcall(require, "fs"))',
      ),
    ).toMatch(/^nilnilnilnilnilfalsemodule 'fs' not found:/)
  })
})

describe('two in one network', () => {
  it('cannot have the same port of a node', async () => {
    const node = '10.210.0.2'
    const start = () =>
      cluster.runtime.start({
        namespace: 'default',
        pod: 'p',
        podUid: 'u',
        name: 'c',
        image: 'openresty/openresty',
        env: {},
        mounts: [],
        hostname: 'node1',
        ip: node,
        hostNetwork: true,
        tty: false,
        stdin: false,
      })
    const first = start()
    const second = start()
    expect(await second.exited).toMatchObject({ exitCode: 1 })
    const chunks: Uint8Array[] = []
    for await (const chunk of second.logs({ follow: false, timestamps: false, signal: new AbortController().signal }))
      chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toContain('nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)')
    expect(await first.stop(5000)).toMatchObject({ exitCode: 0, reason: 'Completed' })
  })
})
