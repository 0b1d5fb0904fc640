const WEEKS: readonly (readonly string[])[] = [
  ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
  ['domingo', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'],
];

/** The articles were written on a Tuesday. */
const WRITTEN_ON = 2;

/** A text with its days of the week moved so that its Tuesday is the day of `now`, as its dates are. */
export function moveWeekdays(text: string, now: Date): string {
  const shift = (now.getUTCDay() - WRITTEN_ON + 7) % 7;
  return WEEKS.reduce(
    (moved, names) =>
      moved.replace(new RegExp(`(?<!\\p{L})(${names.join('|')})(?=s?(?!\\p{L}))`, 'gu'), (name) => {
        return names[(names.indexOf(name) + shift) % 7] ?? name;
      }),
    text,
  );
}
