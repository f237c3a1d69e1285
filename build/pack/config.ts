// What electron-builder is told. Data only, and little of it, so that its next version can be moved to by hand.

import { product } from './places.ts'

export interface PackOptions {
  version: string
  electron: string
  /** Prepared folders: the app, what lies beside it, what goes elsewhere in the system, the icons. */
  stage: { app: string; beside: string; system: string; icons: string }
  /** Maintainer scripts, policy and profile. */
  linux: string
  output: string
  depends: readonly string[]
  recommends: readonly string[]
  words: Readonly<Record<'en' | 'zh-CN', { name: string; comment: string }>>
  /** A folder with Electron's program, where it need not be fetched. */
  electronDist?: string
  compression: 'gz' | 'zst'
}

/** Off is what could make our program run another's code; on is what keeps it to its archive. Linux has no integrity check for that. */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
} as const

/** Read by Electron itself, inside of the archive: the rest is read by our own Node too, which knows no archives. */
const inArchive = ['out/electron/main.js', 'out/electron/preload.cjs', 'package.json']

export const configOf = ({ stage, linux, words, ...options }: PackOptions) => ({
  appId: 'io.github.kubernetes_hello_world',
  productName: product,
  copyright: 'Copyright (c) 2026 The Kubernetes Hello World authors',
  electronVersion: options.electron,
  ...(options.electronDist === undefined ? {} : { electronDist: options.electronDist }),
  directories: { output: options.output, buildResources: linux },
  // node-pty speaks N-API: what was compiled for Node runs in Electron.
  npmRebuild: false,
  publish: null,
  files: ['**/*'],
  asar: true,
  asarUnpack: ['**/*', ...inArchive.map(path => `!${path}`)],
  extraResources: [{ from: stage.beside, to: '.' }],
  electronFuses: fuses,
  electronLanguages: ['en-US', 'zh-CN'],
  // The static runtime: it needs no libfuse2, which Ubuntu no longer brings.
  toolsets: { appimage: '1.0.3' },
  linux: {
    target: ['deb', 'AppImage'],
    executableName: product,
    icon: stage.icons,
    category: 'Education;Development',
    syncDesktopName: true,
    maintainer: 'The Kubernetes Hello World authors <kubernetes-hello-world@users.noreply.github.com>',
    synopsis: words.en.name,
    description: words.en.comment,
    desktop: {
      entry: {
        Name: words.en.name,
        'Name[zh_CN]': words['zh-CN'].name,
        'Comment[zh_CN]': words['zh-CN'].comment,
        Keywords: 'kubernetes;kubectl;microk8s;lesson;教程;容器;',
      },
    },
  },
  deb: {
    artifactName: `${product}_${options.version}_\${arch}.deb`,
    packageCategory: 'education',
    priority: 'optional',
    depends: options.depends,
    recommends: options.recommends,
    compression: options.compression,
    afterInstall: `${linux}/after-install.sh`,
    afterRemove: `${linux}/after-remove.sh`,
    appArmorProfile: `${linux}/apparmor-profile`,
    // What belongs elsewhere than in /opt is the package's own as well, so that dpkg knows it and takes it away.
    fpm: ['--before-remove', `${linux}/before-remove.sh`, `${stage.system}/=/`],
  },
  appImage: { artifactName: `${product}_${options.version}_\${arch}.AppImage` },
})
