// The catalogue: images whose containers do what the real ones do, as far as the labs go.

import { alpineImage, busyboxImage, curlImage } from './busybox.ts'
import { helloImages, hpaExampleImage, oldHpaExampleImage } from './hello.ts'
import { loadGeneratorImage, stressImages } from './load.ts'
import { nginxImage, openrestyImage } from './openresty/image.ts'
import type { Image } from './program.ts'
import { redisImage } from './redis/image.ts'
import { pauseImage } from './unknown.ts'

export const images: readonly Image[] = [
  openrestyImage,
  nginxImage,
  redisImage,
  busyboxImage,
  alpineImage,
  curlImage,
  hpaExampleImage,
  oldHpaExampleImage,
  ...helloImages,
  loadGeneratorImage,
  ...stressImages,
  pauseImage,
]
