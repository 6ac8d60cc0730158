import sharp from 'sharp'

const [WIDTH, HEIGHT] = [960, 720]

/** JPEGs as a telephone takes them: with its name, the time and the place in their EXIF. */
export function takePhotos(count: number, at: { readonly lat: number; readonly lng: number }): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => takePhoto(n, at)))
}

function takePhoto(n: number, { lat, lng }: { readonly lat: number; readonly lng: number }): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 110 + 20 * n, sigma: 30 }
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#777', noise } })
    .jpeg({ quality: 80 })
    .withExif({
      IFD0: { Make: 'Invented', Model: `Telephone ${n + 1}`, Artist: 'Nguyen Thi Vi Du' },
      IFD2: { DateTimeOriginal: '2026:08:20 06:30:00' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: degrees(lat), GPSLongitudeRef: 'E', GPSLongitude: degrees(lng) },
    })
    .toBuffer()
}

/** Degrees, minutes and hundredths of seconds, as EXIF writes them. */
function degrees(value: number): string {
  const minutes = (value % 1) * 60
  return `${Math.floor(value)}/1 ${Math.floor(minutes)}/1 ${Math.round((minutes % 1) * 6000)}/100`
}

/** Does anything but pixels come with it? */
export async function hasMetadata(photo: Buffer): Promise<boolean> {
  const { exif, xmp, iptc, comments } = await sharp(photo).metadata()
  return [exif, xmp, iptc, comments].some((part) => part !== undefined)
}
