/** An instant: short in the page, whole in its title. */
import type { JSX } from "preact";
import { bothTimes, clockTime, nowMs } from "../clock.ts";
import { age } from "../format.ts";

export const Time = ({ at }: { readonly at: string }): JSX.Element => (
  <time dateTime={at} title={bothTimes(at)}>
    {clockTime(at)}
  </time>
);

/** How long ago: `11 min`. */
export const Age = ({ since }: { readonly since: string }): JSX.Element => (
  <time dateTime={since} title={bothTimes(since)}>
    {age(nowMs.value - Date.parse(since))}
  </time>
);

/** How long until then: `23 h left`. */
export const Left = ({ until }: { readonly until: string }): JSX.Element => {
  const leftMs = Date.parse(until) - nowMs.value;
  return (
    <time dateTime={until} title={bothTimes(until)}>
      {leftMs <= 0 ? "over" : `${age(leftMs)} left`}
    </time>
  );
};
