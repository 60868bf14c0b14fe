/** Lines of what lasts, and costs as long as it does: cut at hours, by the hour or by the month. */
import { periodsOf, type Facts, type History } from "./history.ts";
import { usageLine, type BillLine, type LineHead } from "./line.ts";
import type { Rate } from "./prices.ts";
import { quantityOf } from "./rounding.ts";
import { clip, cutByHours, hourSeconds, secondOf, secondsOfMonth, type Span } from "./spans.ts";

/** Of something that is so for a while. */
interface Charge {
  readonly rate: Rate;
  /** Units at a time; of a month or an hour, as the rate's unit says. */
  readonly amount: number;
  readonly operation: string;
}

interface Billing<F extends Facts> {
  readonly service: BillLine["service"];
  readonly resourceId: (history: History<F>) => string;
  readonly chargesOf: (facts: F, region: string) => readonly Charge[];
  /** What ends sooner is charged as if it had lasted so long. */
  readonly leastSeconds?: number;
}

/** † A month is as long as the one that the hour lies in. */
const perSeconds = (unit: string, second: number): number =>
  unit.endsWith("Hrs") ? hourSeconds : secondsOfMonth(second);

/** @returns when the period is over, as billed */
const endOf = <F extends Facts>(
  history: History<F>,
  toMs: number,
  leastSeconds: number,
): number => {
  const bornMs = history.entries[0]?.atMs ?? toMs;
  const isLast = history.entries.at(-1)?.atMs === toMs;
  return isLast ? Math.max(secondOf(toMs), secondOf(bornMs) + leastSeconds) : secondOf(toMs);
};

export const lastingLines = <F extends Facts>(
  billing: Billing<F>,
  history: History<F>,
  within: Span,
): readonly BillLine[] =>
  periodsOf(history).flatMap(({ fromMs, toMs, facts }) => {
    const whole = {
      from: secondOf(fromMs),
      to: toMs === undefined ? within.to : endOf(history, toMs, billing.leastSeconds ?? 0),
    };
    const spans = clip(whole, within).flatMap((span) => cutByHours(span));
    return billing.chargesOf(facts, history.region).flatMap(({ rate, amount, operation }) => {
      const head: LineHead = {
        accountId: history.accountId,
        region: history.region,
        ...(typeof facts.zoneId === "string" ? { zoneId: facts.zoneId } : {}),
        resourceId: billing.resourceId(history),
        service: billing.service,
        usageType: rate.usageType,
        operation,
        unit: rate.unit,
      };
      return spans.map((span) => {
        const per = perSeconds(rate.unit, span.from);
        const quantity = quantityOf(amount, span.to - span.from, per);
        return usageLine(head, { span, quantity, price: rate.price });
      });
    });
  });

export const arnOf = ({ accountId, region, id }: History<Facts>, kind: string): string =>
  `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;
