// SPDX-License-Identifier: GPL-2.0-only
/*
 * tty_io.c - terminals: drivers register lines, the class glue opens one.
 *
 * Stands for drivers/tty/tty_io.c. There are no device files and no sessions,
 * so a terminal has one user, the class glue, from its opening to the end of
 * the process. Ports, flip buffers, speeds and settings are Linux's own files
 * (real-files.txt), and so is what lies below (serial core, hvc console).
 * Read next: tty_ldisc.c, class/serial.c
 */
#include <linux/device.h>
#include <linux/device/class.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/termios_internal.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_port.h>
#include <dde.h>
#include "dde_tty.h"

/* Declared in Linux's private drivers/tty/tty.h. */
extern speed_t tty_termios_input_baud_rate(const struct ktermios *termios);

/* A virtual console's driver registers when its host has named the port. */
#define DRIVER_WAIT (2 * HZ)

static LIST_HEAD(drivers);
static DECLARE_WAIT_QUEUE_HEAD(driver_registered);

const struct class tty_class = {
	.name = "tty",
};
DDE_EMULATED(tty_class);

/* Numbers of Linux's interface: what a terminal is set to before anyone asks. */
struct ktermios tty_std_termios = {
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		   IEXTEN,
	.c_cc = INIT_C_CC,
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};
DDE_EMULATED(tty_std_termios);

/* --- drivers ------------------------------------------------------------- */

static void driver_free(struct tty_driver *driver)
{
	kfree(driver->ports);
	kfree(driver->termios);
	kfree(driver->ttys);
	kfree(driver);
}

static void driver_release(struct kref *kref)
{
	driver_free(container_of(kref, struct tty_driver, kref));
}

struct tty_driver *__tty_alloc_driver(unsigned int lines, struct module *owner,
				      unsigned long flags)
{
	struct tty_driver *driver;

	if (!lines || (flags & TTY_DRIVER_UNNUMBERED_NODE && lines > 1))
		return ERR_PTR(-EINVAL);
	driver = kzalloc(sizeof(*driver), GFP_KERNEL);
	if (!driver)
		return ERR_PTR(-ENOMEM);
	kref_init(&driver->kref);
	INIT_LIST_HEAD(&driver->tty_drivers);
	driver->num = lines;
	driver->flags = flags;
	driver->owner = owner;
	driver->ttys = kcalloc(lines, sizeof(*driver->ttys), GFP_KERNEL);
	driver->termios = kcalloc(lines, sizeof(*driver->termios), GFP_KERNEL);
	driver->ports = kcalloc(lines, sizeof(*driver->ports), GFP_KERNEL);
	if (!driver->ttys || !driver->termios || !driver->ports) {
		driver_free(driver);
		return ERR_PTR(-ENOMEM);
	}
	return driver;
}
DDE_EMULATED(__tty_alloc_driver);

void tty_driver_kref_put(struct tty_driver *driver)
{
	kref_put(&driver->kref, driver_release);
}
DDE_EMULATED(tty_driver_kref_put);

/* The class appears with the first driver: most processes have none. */
int tty_register_driver(struct tty_driver *driver)
{
	int err = list_empty(&drivers) ? class_register(&tty_class) : 0;

	if (err)
		return err;
	list_add_tail(&driver->tty_drivers, &drivers);
	wake_up_all(&driver_registered);
	return 0;
}
DDE_EMULATED(tty_register_driver);

void tty_unregister_driver(struct tty_driver *driver)
{
	list_del_init(&driver->tty_drivers);
	if (list_empty(&drivers))
		class_unregister(&tty_class);
}
DDE_EMULATED(tty_unregister_driver);

/* "ttyAMA0"; a driver with one line may go without the number. */
static void line_name(const struct tty_driver *driver, int index, char *name,
		      size_t bytes)
{
	if (driver->flags & TTY_DRIVER_UNNUMBERED_NODE)
		strscpy(name, driver->name, bytes);
	else
		snprintf(name, bytes, "%s%d", driver->name,
			 index + driver->name_base);
}

static dev_t line_devt(const struct tty_driver *driver, unsigned int index)
{
	return MKDEV(driver->major, driver->minor_start + index);
}

/* For its attributes and its place in the device tree; nobody opens a file. */
struct device *tty_register_device_attr(struct tty_driver *driver,
					unsigned int index,
					struct device *parent, void *drvdata,
					const struct attribute_group **groups)
{
	char name[64];

	if (index >= driver->num)
		return ERR_PTR(-EINVAL);
	line_name(driver, index, name, sizeof(name));
	return device_create_with_groups(&tty_class, parent,
					 line_devt(driver, index), drvdata,
					 groups, "%s", name);
}
DDE_EMULATED(tty_register_device_attr);

struct device *tty_register_device(struct tty_driver *driver,
				   unsigned int index, struct device *parent)
{
	return tty_register_device_attr(driver, index, parent, NULL, NULL);
}
DDE_EMULATED(tty_register_device);

void tty_unregister_device(struct tty_driver *driver, unsigned int index)
{
	device_destroy(&tty_class, line_devt(driver, index));
}
DDE_EMULATED(tty_unregister_device);

/* --- terminals ----------------------------------------------------------- */

const char *tty_name(const struct tty_struct *tty)
{
	return tty ? tty->name : "NULL tty";
}
DDE_EMULATED(tty_name);

const char *tty_driver_name(const struct tty_struct *tty)
{
	return tty && tty->driver ? tty->driver->name : "";
}
DDE_EMULATED(tty_driver_name);

/* Nothing is remembered from an earlier opening: there is none. */
void tty_init_termios(struct tty_struct *tty)
{
	tty->termios = tty->driver->init_termios;
	tty->termios.c_ispeed = tty_termios_input_baud_rate(&tty->termios);
	tty->termios.c_ospeed = tty_termios_baud_rate(&tty->termios);
}
DDE_EMULATED(tty_init_termios);

int tty_standard_install(struct tty_driver *driver, struct tty_struct *tty)
{
	tty_init_termios(tty);
	tty_driver_kref_get(driver);
	driver->ttys[tty->index] = tty;
	tty->count++;
	return 0;
}
DDE_EMULATED(tty_standard_install);

/*
 * Linux puts this off to a work item; here no last put comes from the loop.
 * The count says whether the driver has taken it for its own (tty_install).
 */
static void tty_release(struct kref *kref)
{
	struct tty_struct *tty = container_of(kref, struct tty_struct, kref);

	if (tty->count) {
		if (tty->ops->cleanup)
			tty->ops->cleanup(tty);
		tty->driver->ttys[tty->index] = NULL;
		tty_driver_kref_put(tty->driver);
	}
	dde_ldisc_detach(tty);
	put_device(tty->dev);
	kfree(tty);
}

void tty_kref_put(struct tty_struct *tty)
{
	if (tty)
		kref_put(&tty->kref, tty_release);
}
DDE_EMULATED(tty_kref_put);

static struct tty_struct *tty_make(struct tty_driver *driver, int index)
{
	struct tty_struct *tty = kzalloc(sizeof(*tty), GFP_KERNEL);

	if (!tty)
		return NULL;
	kref_init(&tty->kref);
	mutex_init(&tty->atomic_write_lock);
	mutex_init(&tty->legacy_mutex);
	mutex_init(&tty->throttle_mutex);
	mutex_init(&tty->winsize_mutex);
	init_rwsem(&tty->termios_rwsem);
	spin_lock_init(&tty->flow.lock);
	spin_lock_init(&tty->ctrl.lock);
	spin_lock_init(&tty->files_lock);
	init_waitqueue_head(&tty->write_wait);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->break_wait);
	INIT_LIST_HEAD(&tty->tty_files);
	tty->driver = driver;
	tty->ops = driver->ops;
	tty->index = index;
	tty->dev = class_find_device_by_devt(&tty_class,
					     line_devt(driver, index));
	line_name(driver, index, tty->name, sizeof(tty->name));
	return tty;
}

/* The driver finds the line's own data, the terminal its port. */
static int tty_install(struct tty_struct *tty)
{
	struct tty_driver *driver = tty->driver;
	int err = driver->ops->install ? driver->ops->install(driver, tty) :
					 tty_standard_install(driver, tty);

	if (err)
		return err;
	if (!tty->port)
		tty->port = driver->ports[tty->index];
	if (!tty->port)
		return -ENODEV;
	tty->port->itty = tty;
	return 0;
}

/* As in Linux, a driver's close follows its open also if that has failed. */
static int tty_start(struct tty_struct *tty)
{
	int err = tty_install(tty);

	if (err)
		return err;
	err = tty->ops->open(tty, NULL);
	if (!err)
		return 0;
	tty->ops->close(tty, NULL);
	tty->port->itty = NULL;
	return err;
}

static struct tty_struct *line_open(struct tty_driver *driver, int index,
				    const struct tty_ldisc_ops *ldisc)
{
	struct tty_struct *tty = tty_make(driver, index);
	int err;

	if (!tty)
		return ERR_PTR(-ENOMEM);
	err = dde_ldisc_attach(tty, ldisc);
	if (!err)
		err = tty_start(tty);
	if (!err)
		return tty;
	tty_kref_put(tty);
	return ERR_PTR(err);
}

/* Lines of other drivers come and go by themselves, with or without a port. */
static bool line_exists(const struct tty_driver *driver, int index)
{
	return driver->ports[index] ||
	       !(driver->flags & TTY_DRIVER_DYNAMIC_DEV);
}

/* A line that says -ENODEV is only a place for one. */
static struct tty_struct *driver_open(struct tty_driver *driver,
				      const struct tty_ldisc_ops *ldisc)
{
	struct tty_struct *tty;
	int index;

	for (index = 0; index < driver->num; index++) {
		if (!line_exists(driver, index))
			continue;
		tty = line_open(driver, index, ldisc);
		if (tty != ERR_PTR(-ENODEV))
			return tty;
	}
	return ERR_PTR(-ENODEV);
}

struct tty_struct *dde_tty_open(const struct tty_ldisc_ops *ldisc)
{
	struct tty_struct *tty = ERR_PTR(-ENODEV);
	struct tty_driver *driver;

	wait_event_timeout(driver_registered, !list_empty(&drivers),
			   DRIVER_WAIT);
	list_for_each_entry (driver, &drivers, tty_drivers) {
		tty = driver_open(driver, ldisc);
		if (tty != ERR_PTR(-ENODEV))
			break;
	}
	return tty;
}

void tty_wakeup(struct tty_struct *tty)
{
	struct tty_ldisc *ld = tty->ldisc;

	if (test_bit(TTY_DO_WRITE_WAKEUP, &tty->flags) && ld &&
	    ld->ops->write_wakeup)
		ld->ops->write_wakeup(tty);
	wake_up_interruptible(&tty->write_wait);
}
DDE_EMULATED(tty_wakeup);

/*
 * The line has gone for good: its device was removed, or its host has closed
 * it. There is nothing left to serve, so the process ends and the broker
 * decides.
 */
void tty_hangup(struct tty_struct *tty)
{
	dde_fatal("%s was hung up", tty_name(tty));
}
DDE_EMULATED(tty_hangup);

void tty_vhangup(struct tty_struct *tty)
{
	tty_hangup(tty);
}
DDE_EMULATED(tty_vhangup);

int tty_hung_up_p(struct file *file)
{
	return 0;
}
DDE_NOOP(tty_hung_up_p, "a terminal that hangs up ends its process");

void do_SAK(struct tty_struct *tty)
{
}
DDE_NOOP(do_SAK, "no sessions whose processes could be ended");

int tty_do_resize(struct tty_struct *tty, struct winsize *size)
{
	tty->winsize = *size;
	return 0;
}
DDE_NOOP(tty_do_resize, "kept, but no client asks for a window's size");
