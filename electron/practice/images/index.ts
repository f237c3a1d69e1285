// The catalogue: images whose containers do what the real ones do, as far as the labs go.

import { alpineImage, busyboxImage, curlImage } from './busybox.ts'
import { nginxImage, openrestyImage } from './openresty/image.ts'
import type { Image } from './program.ts'
import { pauseImage } from './unknown.ts'

export const images: readonly Image[] = [openrestyImage, nginxImage, busyboxImage, alpineImage, curlImage, pauseImage]
