// The images openresty/openresty and nginx: their files and their one program.

import { busyboxPrograms, unpackBusybox } from '../busybox.ts'
import type { FileTree } from '../files.ts'
import { executable, type Image } from '../program.ts'
import { type Flavour, nginx } from './nginx.ts'

const page = (title: string) => `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
const errorPage = `<!DOCTYPE html>
<html>
<head><title>Error</title></head>
<body>
<h1>An error occurred.</h1>
<p>The page you are looking for is not available at the moment. Please try again later.</p>
</body>
</html>
`

const mainConfiguration = (types: string) => `# Servers are in /etc/nginx/conf.d.
worker_processes  1;

events {
    worker_connections  1024;
}

http {
    include       ${types};
    default_type  application/octet-stream;

    sendfile           on;
    keepalive_timeout  65;

    include /etc/nginx/conf.d/*.conf;
}
`

const defaultServer = (html: string) => `server {
    listen       80;
    server_name  localhost;

    location / {
        root   ${html};
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   ${html};
    }
}
`

const mimeTypes = `types {
    text/html              html htm shtml;
    text/css               css;
    text/plain             txt;
    application/javascript js;
    application/json       json;
    image/png              png;
    image/jpeg             jpeg jpg;
    image/gif              gif;
    image/svg+xml          svg svgz;
    image/x-icon           ico;
    font/woff2             woff2;
    application/pdf        pdf;
}
`

const unpackLogs = (files: FileTree, folder: string) => {
  files.makeDirectory(folder)
  files.link(`${folder}/access.log`, '/dev/stdout')
  files.link(`${folder}/error.log`, '/dev/stderr')
}

const openresty: Flavour = {
  brand: 'openresty',
  version: 'openresty/1.27.1.2',
  prefix: '/usr/local/openresty/nginx/',
  configuration: 'conf/nginx.conf',
}

export const openrestyImage: Image = {
  name: 'openresty/openresty',
  tags: /^(\d+(\.\d+){1,3}(-\d+)?|latest|alpine|bookworm|bullseye|buster|noble|jammy|focal|centos\d*|rocky|fedora|amzn\d+|windows)(-(\d+|alpine|bookworm|bullseye|buster|noble|jammy|focal|centos\d*|rocky|fedora|fat|slim|apk|buildpack|nosse42|amd64|arm64))*$/,
  preloaded: ['latest', 'alpine'],
  sizeBytes: 41_200_000,
  entrypoint: [],
  command: ['/usr/local/openresty/bin/openresty', '-g', 'daemon off;'],
  env: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/openresty/luajit/bin:/usr/local/openresty/nginx/sbin:/usr/local/openresty/bin',
    HOME: '/root',
  },
  workingDir: '/',
  idle: { milliCpu: 0.1, memoryBytes: 5.5 * 2 ** 20 },
  unpack(files) {
    unpackBusybox(files)
    const home = '/usr/local/openresty'
    for (const folder of ['bin', 'luajit/bin', 'lualib/resty', 'nginx/conf', 'nginx/html', 'nginx/sbin'])
      files.makeDirectory(`${home}/${folder}`)
    files.makeDirectory('/etc/nginx/conf.d')
    files.write(`${home}/nginx/sbin/nginx`, executable('nginx'), 0o755)
    files.link(`${home}/bin/openresty`, `${home}/nginx/sbin/nginx`)
    files.write('/usr/bin/curl', executable('curl'), 0o755)
    files.write(`${home}/nginx/conf/nginx.conf`, mainConfiguration('mime.types'))
    files.write(`${home}/nginx/conf/mime.types`, mimeTypes)
    files.write('/etc/nginx/conf.d/default.conf', defaultServer(`${home}/nginx/html`))
    files.write(`${home}/nginx/html/index.html`, page('Welcome to OpenResty!'))
    files.write(`${home}/nginx/html/50x.html`, errorPage)
    unpackLogs(files, `${home}/nginx/logs`)
  },
  programs: { ...busyboxPrograms, nginx: nginx(openresty) },
}

const plain: Flavour = { brand: 'nginx', version: 'nginx/1.29.1', prefix: '/etc/nginx/', configuration: 'nginx.conf' }

export const nginxImage: Image = {
  name: 'library/nginx',
  tags: /^(latest|stable|mainline|alpine|1(\.\d{1,2}){0,2}|(1(\.\d{1,2}){1,2}|stable|mainline)-(alpine|bookworm|perl|otel|alpine-slim|alpine-perl)|alpine-slim|bookworm|trixie|perl)$/,
  preloaded: [],
  sizeBytes: 59_800_000,
  entrypoint: [],
  command: ['nginx', '-g', 'daemon off;'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', NGINX_VERSION: '1.29.1' },
  workingDir: '/',
  idle: { milliCpu: 0.1, memoryBytes: 3.5 * 2 ** 20 },
  unpack(files) {
    unpackBusybox(files)
    for (const folder of ['/etc/nginx/conf.d', '/usr/share/nginx/html', '/var/log/nginx']) files.makeDirectory(folder)
    files.write('/usr/sbin/nginx', executable('nginx'), 0o755)
    files.write('/usr/bin/curl', executable('curl'), 0o755)
    files.write('/etc/nginx/nginx.conf', mainConfiguration('mime.types'))
    files.write('/etc/nginx/mime.types', mimeTypes)
    files.write('/etc/nginx/conf.d/default.conf', defaultServer('/usr/share/nginx/html'))
    files.write('/usr/share/nginx/html/index.html', page('Welcome to nginx!'))
    files.write('/usr/share/nginx/html/50x.html', errorPage)
    unpackLogs(files, '/etc/nginx/logs')
  },
  programs: { ...busyboxPrograms, nginx: nginx(plain) },
}
