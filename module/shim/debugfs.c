// SPDX-License-Identifier: GPL-2.0-only
/* The debugfs folder: readable files through seq_file, writable ones with the whole text of one
 * write. */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "zlt_shim.h"

static struct dentry *directory;

void zlt_out_printf(struct zlt_out *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	seq_vprintf((struct seq_file *)out, format, args);
	va_end(args);
}

static int zlt_file_show(struct seq_file *seq, void *unused)
{
	const struct zlt_file *file = seq->private;

	file->show((struct zlt_out *)seq);
	return 0;
}

static int zlt_file_open(struct inode *inode, struct file *file)
{
	return single_open(file, zlt_file_show, inode->i_private);
}

static ssize_t zlt_file_write(struct file *file, const char __user *user, size_t length,
			      loff_t *offset)
{
	const struct zlt_file *target = file_inode(file)->i_private;
	char *text;
	int error;

	if (length >= PAGE_SIZE)
		return -EINVAL;
	text = memdup_user_nul(user, length);
	if (IS_ERR(text))
		return PTR_ERR(text);
	error = target->write(text, length);
	kfree(text);
	return error ?: (ssize_t)length;
}

static const struct file_operations zlt_read_write_fops = {
	.owner = THIS_MODULE,
	.open = zlt_file_open,
	.read = seq_read,
	.write = zlt_file_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations zlt_read_fops = {
	.owner = THIS_MODULE,
	.open = zlt_file_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct file_operations zlt_write_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = zlt_file_write,
};

static const struct file_operations *zlt_fops(const struct zlt_file *file)
{
	if (!file->show)
		return &zlt_write_fops;
	return file->write ? &zlt_read_write_fops : &zlt_read_fops;
}

int zlt_debugfs_create(const char *name, const struct zlt_file *files, size_t count)
{
	size_t i;

	directory = debugfs_create_dir(name, NULL);
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	for (i = 0; i < count; i++) {
		const struct zlt_file *file = &files[i];

		debugfs_create_file(file->name, (file->show ? 0400 : 0) | (file->write ? 0200 : 0),
				    directory, (void *)file, zlt_fops(file));
	}
	return 0;
}

void zlt_debugfs_remove(void)
{
	debugfs_remove(directory);
	directory = NULL;
}
