/*-------------------------------------------------------------------------
 *
 * datetime.c
 *	  xsd:dateTime text to microseconds since 1970 and back.
 *
 *		YYYY-MM-DDThh:mm:ss[.f+][Z | (+|-)hh:mm]
 *
 * Proleptic Gregorian calendar.  Years 0001 to 9999, so nothing here can
 * overflow an int64.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/datetime.h"

#define DAY_SECONDS INT64CONST(86400)
#define SECOND_MICROS INT64CONST(1000000)

/* The first microsecond of year 1 and of year 10000. */
#define FIRST_MICROS (INT64CONST(-62135596800) * SECOND_MICROS)
#define END_MICROS (INT64CONST(253402300800) * SECOND_MICROS)

/* Days from 0000-03-01 to 1970-01-01, and in 400 years. */
#define EPOCH_DAYS 719468
#define ERA_DAYS 146097

/* What is left to read; every read_ function consumes what it accepts. */
typedef struct Reader
{
	const char *next;
	const char *end;
} Reader;

/* Reads the character c. */
static bool
read_char(Reader *r, char c)
{
	if (r->next == r->end || *r->next != c)
		return false;
	r->next++;
	return true;
}

/* Reads exactly width digits, a number from min to max. */
static bool
read_number(Reader *r, int width, int min, int max, int *value)
{
	*value = 0;
	if (r->end - r->next < width)
		return false;
	for (int i = 0; i < width; i++)
	{
		char		c = *r->next++;

		if (c < '0' || c > '9')
			return false;
		*value = *value * 10 + (c - '0');
	}
	return *value >= min && *value <= max;
}

static bool
is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

/*
 * Days from 1970-01-01.  Years are taken from March to February, so that the leap
 * day comes last and month lengths follow (153 m + 2) / 5.
 */
static int
days_from_date(int year, int month, int day)
{
	int			y = month > 2 ? year : year - 1;
	int			m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - EPOCH_DAYS;
}

/* The inverse of days_from_date. */
static void
date_from_days(int days, int *year, int *month, int *day)
{
	int			n = days + EPOCH_DAYS;
	int			era = n / ERA_DAYS;
	int			doe = n % ERA_DAYS;
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int			m = (5 * doy + 2) / 153;

	*day = doy - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = era * 400 + yoe + (*month <= 2 ? 1 : 0);
}

/* YYYY-MM-DD as seconds */
static bool
read_date(Reader *r, int64 *seconds)
{
	int			year;
	int			month;
	int			day;

	if (!read_number(r, 4, 1, 9999, &year) || !read_char(r, '-') ||
		!read_number(r, 2, 1, 12, &month) || !read_char(r, '-') ||
		!read_number(r, 2, 1, days_in_month(year, month), &day))
		return false;
	*seconds = days_from_date(year, month, day) * DAY_SECONDS;
	return true;
}

/* [.f+] as microseconds; digits behind the sixth are read and dropped. */
static bool
read_fraction(Reader *r, int64 *micros)
{
	int64		unit = SECOND_MICROS;
	const char *first;

	*micros = 0;
	if (!read_char(r, '.'))
		return true;
	for (first = r->next; r->next < r->end && *r->next >= '0' && *r->next <= '9'; r->next++)
	{
		unit /= 10;
		*micros += (*r->next - '0') * unit;
	}
	return r->next > first;
}

/* hh:mm:ss[.f+] as microseconds; 24 only as 24:00:00. */
static bool
read_time(Reader *r, int64 *micros)
{
	int			hour;
	int			minute;
	int			second;

	if (!read_number(r, 2, 0, 24, &hour) || !read_char(r, ':') ||
		!read_number(r, 2, 0, 59, &minute) || !read_char(r, ':') ||
		!read_number(r, 2, 0, 60, &second) || !read_fraction(r, micros))
		return false;
	*micros += ((hour * 60 + minute) * 60 + second) * SECOND_MICROS;
	return hour < 24 || *micros == DAY_SECONDS * SECOND_MICROS;
}

/* [Z | (+|-)hh:mm] as seconds east of UTC; no zone is UTC */
static bool
read_zone(Reader *r, int64 *seconds)
{
	int			hour;
	int			minute;
	bool		west;

	*seconds = 0;
	west = read_char(r, '-');
	if (!west && !read_char(r, '+'))
	{
		read_char(r, 'Z');
		return true;
	}
	if (!read_number(r, 2, 0, 14, &hour) || !read_char(r, ':') ||
		!read_number(r, 2, 0, hour == 14 ? 0 : 59, &minute))
		return false;
	*seconds = (hour * 60 + minute) * (west ? -60 : 60);
	return true;
}

bool
scim_datetime_parse(ScimSlice text, int64 *micros)
{
	Reader		r = {text.data, text.data + text.len};
	int64		date;
	int64		time;
	int64		zone;

	if (!read_date(&r, &date) || !read_char(&r, 'T') || !read_time(&r, &time) ||
		!read_zone(&r, &zone) || r.next != r.end)
		return false;
	*micros = (date - zone) * SECOND_MICROS + time;
	return *micros >= FIRST_MICROS && *micros < END_MICROS;
}

/* Writes a number of so many digits, and what follows it; returns the end. */
static char *
write_digits(char *to, int number, int ndigits, char after)
{
	for (int i = ndigits - 1; i >= 0; i--, number /= 10)
		to[i] = '0' + number % 10;
	to[ndigits] = after;
	return to + ndigits + 1;
}

/* By hand: every answer has two, and snprintf() would be a tenth of the work for it. */
int
scim_datetime_print(int64 micros, char buf[SCIM_DATETIME_SIZE])
{
	int64		since_year_1 = micros - FIRST_MICROS;
	int			fraction = (int) (since_year_1 % SECOND_MICROS);
	int			time = (int) (since_year_1 / SECOND_MICROS % DAY_SECONDS);
	int			days = (int) ((since_year_1 / SECOND_MICROS + FIRST_MICROS / SECOND_MICROS - time) /
							  DAY_SECONDS);
	int			year;
	int			month;
	int			day;
	char	   *end;

	Assert(micros >= FIRST_MICROS && micros < END_MICROS);
	date_from_days(days, &year, &month, &day);
	end = write_digits(buf, year, 4, '-');
	end = write_digits(end, month, 2, '-');
	end = write_digits(end, day, 2, 'T');
	end = write_digits(end, time / 3600, 2, ':');
	end = write_digits(end, time / 60 % 60, 2, ':');
	end = write_digits(end, time % 60, 2, 'Z');
	if (fraction != 0)
	{
		end[-1] = '.';
		end = write_digits(end, fraction, 6, 'Z');
		for (; end[-2] == '0'; end--)
			end[-2] = 'Z';
	}
	*end = '\0';
	return (int) (end - buf);
}
