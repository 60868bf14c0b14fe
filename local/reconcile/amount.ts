/** Money of bill files: read exactly, summed as whole nano-dollars. */

const nanoDigits = 9;

const halfAwayFromZero = (digits: bigint, dropped: number): bigint => {
  const unit = 10n ** BigInt(dropped);
  const half = unit / 2n;
  return (digits + (digits < 0n ? -half : half)) / unit;
};

/**
 * @param text a decimal number, with or without exponent: `0.0416666667`, `-1.2E-7`; what is beyond the ninth digit is rounded
 * @returns undefined: it is not one
 */
export const nanoOf = (text: string): bigint | undefined => {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const shift = nanoDigits - fraction.length + Number(exponent);
  return shift >= 0 ? digits * 10n ** BigInt(shift) : halfAwayFromZero(digits, -shift);
};

/** `-0.041666667` */
export const usdText = (nano: bigint): string => {
  const [sign, size] = nano < 0n ? ["-", -nano] : ["", nano];
  const digits = String(size).padStart(nanoDigits + 1, "0");
  return `${sign}${digits.slice(0, -nanoDigits)}.${digits.slice(-nanoDigits)}`;
};

export const sizeOf = (nano: bigint): bigint => (nano < 0n ? -nano : nano);
