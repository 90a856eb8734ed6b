const formats = new Map<string, Intl.DateTimeFormat>();

/** The date on the wall at an instant: `2026-03-11`. By `Intl`, apart from the code it checks. */
function dateAt(timezone: string, instantMs: number): string {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" });
  formats.set(timezone, format);
  return format.format(instantMs);
}

/** Names for the day, the week (by its Monday) and the month around an instant. */
export function periodsAt(
  timezone: string,
  instantMs: number,
): { readonly day: string; readonly week: string; readonly month: string } {
  const day = dateAt(timezone, instantMs);
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() - ((noon.getUTCDay() + 6) % 7));
  return { day, week: noon.toISOString().slice(0, 10), month: day.slice(0, 7) };
}
