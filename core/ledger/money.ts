/** Money of the ledger: whole billionths of a US dollar, so that sums of months are exact. */

export const nanoPerUsd = 1_000_000_000;

/** Of a price list's figure, which has ten decimal places at the most: the last one is rounded. */
export const nanoOfUsd = (usd: number): bigint => BigInt(Math.round(usd * nanoPerUsd));

const hourMs = 3_600_000n;

/** Half a billionth is rounded away from zero; `milliseconds` are whole. */
export const costOfTime = (nanoPerHour: bigint, milliseconds: number): bigint =>
  (2n * nanoPerHour * BigInt(Math.round(milliseconds)) + hourMs) / (2n * hourMs);

/** `-12.345679`: six digits, the last one rounded away from zero at half. */
export const usdOf = (nanoUsd: bigint): string => {
  const size = nanoUsd < 0n ? -nanoUsd : nanoUsd;
  const micro = (size + 500n) / 1000n;
  const sign = nanoUsd < 0n && micro > 0n ? "-" : "";
  return `${sign}${String(micro / 1_000_000n)}.${String(micro % 1_000_000n).padStart(6, "0")}`;
};

const nanoDigits = 9;

/** `0.031400000`: exact. Of what is not negative. */
export const usdWithNineDigits = (nanoUsd: bigint): string => {
  const digits = String(nanoUsd).padStart(nanoDigits + 1, "0");
  return `${digits.slice(0, -nanoDigits)}.${digits.slice(-nanoDigits)}`;
};
