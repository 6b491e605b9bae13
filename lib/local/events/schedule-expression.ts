/** When something is due. */
export interface Schedule {
  /** Whether it is due in the minute that begins at a time. @param since when the schedule began to count */
  isDue(minute: number, since: number): boolean;
}

const MINUTE = 60_000;
const UNITS: { readonly [unit: string]: number } = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Reads `rate(…)`, `cron(…)` or `at(…)`.
 *
 * @param zone the zone of the clock that cron and at mean
 * @throws Error in the words of EventBridge
 */
export function scheduleOf(expression: string, zone = 'UTC'): Schedule {
  const wrong = (why: string) => new Error(`Parameter ScheduleExpression is not valid: ${expression} (${why})`);
  const [, kind, text = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === undefined) { throw wrong('it must be rate(…), cron(…) or at(…)'); }
  const local = clockOf(zone, wrong);
  if (kind === 'rate') {
    const [, count = '0', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
    if (Number(count) < 1) { throw wrong('a rate is a number of minutes, hours or days'); }
    if (Number(count) > 1 && !text.endsWith('s')) { throw wrong('more than one has an s'); }
    const every = Number(count) * (UNITS[unit] as number);
    return { isDue: (minute, since) => Math.floor((minute - since) / every) > Math.max(0, Math.floor((minute - MINUTE - since) / every)) };
  }
  if (kind === 'at') {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) || Number.isNaN(Date.parse(`${text}Z`))) { throw wrong('a time is yyyy-mm-ddThh:mm:ss'); }
    return { isDue: (minute) => textOf(local(minute)) === text.slice(0, 16) };
  }
  const fields = text.split(/\s+/);
  if (fields.length !== 6) { throw wrong('cron has six fields: minutes, hours, day of month, month, day of week, year'); }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [string, string, string, string, string, string];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) { throw wrong('one of day of month and day of week must be ?'); }
  const holds = [
    fieldOf(minutes, 0, 59, wrong), fieldOf(hours, 0, 23, wrong), fieldOf(month, 1, 12, wrong, MONTHS), fieldOf(year, 1970, 2199, wrong), dayOfMonthOf(dayOfMonth, wrong), dayOfWeekOf(dayOfWeek, wrong),
  ] as const;
  return {
    isDue(at) {
      const now = local(at);
      const [isMinute, isHour, isMonth, isYear, isDay, isWeekday] = holds;
      return isMinute(now.minute) && isHour(now.hour) && isMonth(now.month) && isYear(now.year) && isDay(now) && isWeekday(now);
    },
  };
}

interface LocalTime { readonly year: number; readonly month: number; readonly day: number; readonly hour: number; readonly minute: number }
type Wrong = (why: string) => Error;

const two = (value: number) => String(value).padStart(2, '0');
const textOf = ({ year, month, day, hour, minute }: LocalTime) => `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
const lastDay = ({ year, month }: LocalTime) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 0 is Sunday. */
const weekday = ({ year, month }: LocalTime, day: number) => new Date(Date.UTC(year, month - 1, day)).getUTCDay();

/** What a clock in a zone says. */
function clockOf(zone: string, wrong: Wrong): (time: number) => LocalTime {
  let format: Intl.DateTimeFormat;
  try { format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }); } catch { throw wrong(`there is no time zone ${zone}`); }
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)])) as unknown as LocalTime;
    return { year: parts.year, month: parts.month, day: parts.day, hour: parts.hour, minute: parts.minute };
  };
}

/** Lists, ranges and steps of numbers or names. */
function fieldOf(text: string, least: number, most: number, wrong: Wrong, names: readonly string[] = []): (value: number) => boolean {
  const numberOf = (part: string) => {
    const index = names.indexOf(part.toUpperCase());
    const value = index < 0 ? Number(part) : index + least;
    if (part === '' || !Number.isInteger(value) || value < least || value > most) { throw wrong(`${part} is not from ${least} to ${most}`); }
    return value;
  };
  const tests = text.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    const [from, to] = range === '*' ? [least, most] : range.split('-').map(numberOf);
    const every = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(every) || every < 1) { throw wrong(`${part} has no step`); }
    const last = to ?? (step === undefined ? from as number : most);
    return (value: number) => value >= (from as number) && value <= last && (value - (from as number)) % every === 0;
  });
  return (value) => tests.some((test) => test(value));
}

function dayOfMonthOf(text: string, wrong: Wrong): (now: LocalTime) => boolean {
  if (text === '?') { return () => true; }
  if (text === 'L') { return (now) => now.day === lastDay(now); }
  const nearest = /^(\d{1,2}|L)W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    return (now) => {
      const wanted = nearest === 'L' ? lastDay(now) : Math.min(Number(nearest), lastDay(now));
      const shift = weekday(now, wanted) === 6 ? (wanted === 1 ? 2 : -1) : weekday(now, wanted) === 0 ? (wanted === lastDay(now) ? -2 : 1) : 0;
      return now.day === wanted + shift;
    };
  }
  const is = fieldOf(text, 1, 31, wrong);
  return ({ day }) => is(day);
}

function dayOfWeekOf(text: string, wrong: Wrong): (now: LocalTime) => boolean {
  if (text === '?') { return () => true; }
  const [, name, last, nth] = /^([1-7]|[A-Za-z]{3})(?:(L)|#([1-5]))$/.exec(text === 'L' ? '7' : text) ?? [];
  if (name !== undefined) {
    const is = fieldOf(name, 1, 7, wrong, DAYS);
    return (now) => is(weekday(now, now.day) + 1) && (last === undefined ? Math.ceil(now.day / 7) === Number(nth) : now.day > lastDay(now) - 7);
  }
  const is = fieldOf(text === 'L' ? '7' : text, 1, 7, wrong, DAYS);
  return (now) => is(weekday(now, now.day) + 1);
}
