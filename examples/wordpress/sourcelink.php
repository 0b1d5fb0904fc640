<?php
/**
 * Plugin Name: Sourcelink
 * Description: What the WordPress sink of Sourcelink needs on a site: one post for each article, the Source link, canonical address, noindex, credit.
 * Version: 1.0.0
 * Requires at least: 5.9
 * Requires PHP: 7.4
 * License: MIT
 *
 * Copy this file into wp-content/mu-plugins (or into wp-content/plugins, and activate it).
 */

defined( 'ABSPATH' ) || exit;

/** Raised when the sink needs something that an older copy of this file has not. */
const SOURCELINK_PLUGIN = 1;

/** Every status, the trash included, which `any` leaves out. */
const SOURCELINK_STATUSES = array( 'publish', 'future', 'draft', 'pending', 'private', 'trash', 'inherit' );

/** Seconds that a request waits for another about the same article. */
const SOURCELINK_LOCK_SECONDS = 10;

add_action(
	'init',
	function () {
		$edit  = function () {
			return current_user_can( 'edit_posts' );
		};
		$field = function ( $type, $sanitize, $default ) use ( $edit ) {
			return array(
				'type'              => $type,
				'single'            => true,
				'default'           => $default,
				'show_in_rest'      => true,
				'sanitize_callback' => $sanitize,
				'auth_callback'     => $edit,
			);
		};
		foreach ( array( 'post', 'attachment' ) as $kind ) {
			register_post_meta( $kind, 'sourcelink_id', $field( 'string', 'sanitize_text_field', '' ) );
			register_post_meta( $kind, 'sourcelink_image', $field( 'string', 'sanitize_url', '' ) );
		}
		// 0: not finished; the post is still a draft of the sink's.
		register_post_meta( 'post', 'sourcelink_revision', $field( 'integer', 'absint', 0 ) );
		register_post_meta( 'post', 'sourcelink_url', $field( 'string', 'sanitize_url', '' ) );
		register_post_meta( 'post', 'sourcelink_credit', $field( 'string', 'sanitize_text_field', '' ) );
		register_post_meta( 'post', 'sourcelink_noindex', $field( 'boolean', 'rest_sanitize_boolean', false ) );
		register_term_meta( 'category', 'sourcelink_path', $field( 'string', 'sanitize_text_field', '' ) );
	}
);

/* Who asks, and what they may do: a wrong application password is no error to WordPress, only an anonymous request. */
add_action(
	'rest_api_init',
	function () {
		register_rest_route(
			'sourcelink/v1',
			'/status',
			array(
				'methods'             => 'GET',
				'permission_callback' => '__return_true',
				'callback'            => function () {
					$needed = array( 'publish_posts', 'edit_others_posts', 'delete_published_posts', 'manage_categories', 'upload_files' );
					return array(
						'plugin'    => SOURCELINK_PLUGIN,
						'wordpress' => is_user_logged_in() ? get_bloginfo( 'version' ) : '',
						'user'      => is_user_logged_in() ? wp_get_current_user()->user_login : '',
						'lacks'     => array_values(
							array_filter(
								$needed,
								function ( $capability ) {
									return ! current_user_can( $capability );
								}
							)
						),
					);
				},
			)
		);
	}
);

/* Posts and images can be asked for by the articles that they belong to. */
foreach ( array( 'post', 'attachment' ) as $sourcelink_kind ) {
	add_filter(
		"rest_{$sourcelink_kind}_collection_params",
		function ( $params ) {
			$params['sourcelink_id'] = array(
				'description' => 'Limit to these articles of Sourcelink.',
				'type'        => 'array',
				'items'       => array( 'type' => 'string' ),
			);
			return $params;
		}
	);
	add_filter(
		"rest_{$sourcelink_kind}_query",
		function ( $args, $request ) {
			if ( ! empty( $request['sourcelink_id'] ) ) {
				$args['meta_query'][] = array(
					'key'     => 'sourcelink_id',
					'value'   => $request['sourcelink_id'],
					'compare' => 'IN',
				);
			}
			return $args;
		},
		10,
		2
	);
}

/*
 * One post for each article, whatever arrives at the same time: a request about an article waits for the one before it
 * and then looks. MySQL gives the lock back when the request ends. Databases without GET_LOCK go on without one.
 */
add_filter(
	'rest_pre_insert_post',
	function ( $post, $request ) {
		global $wpdb;
		$id = isset( $request['meta']['sourcelink_id'] ) ? $request['meta']['sourcelink_id'] : '';
		if ( is_wp_error( $post ) || '' === $id ) {
			return $post;
		}
		$lock   = 'sourcelink-' . md5( DB_NAME . $wpdb->prefix . $id );
		$locked = $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', $lock, SOURCELINK_LOCK_SECONDS ) );
		if ( '0' === $locked ) {
			return new WP_Error( 'sourcelink_busy', 'Another request about this article is under way.', array( 'status' => 409 ) );
		}
		if ( empty( $post->ID ) ) {
			$found = get_posts(
				array(
					'post_type'      => 'post',
					'post_status'    => SOURCELINK_STATUSES,
					'meta_key'       => 'sourcelink_id',
					'meta_value'     => $id,
					'fields'         => 'ids',
					'posts_per_page' => 1,
					'cache_results'  => false,
				)
			);
			if ( $found ) {
				return new WP_Error( 'sourcelink_exists', 'This article has a post already.', array( 'status' => 409, 'post' => $found[0] ) );
			}
		} elseif ( isset( $request['meta']['sourcelink_revision'] ) ) {
			wp_cache_delete( $post->ID, 'post_meta' );
			if ( (int) get_post_meta( $post->ID, 'sourcelink_revision', true ) > (int) $request['meta']['sourcelink_revision'] ) {
				return new WP_Error( 'sourcelink_newer', 'The post shows a later revision.', array( 'status' => 409 ) );
			}
		}
		return $post;
	},
	10,
	2
);

/** The value of one of our fields for a post of ours, else ''. */
function sourcelink_field( $post, $name ) {
	$post = get_post( $post );
	return $post && 'post' === $post->post_type ? get_post_meta( $post->ID, "sourcelink_$name", true ) : '';
}

/* Search engines are sent to the original, and kept from the copy where the article says so. */
add_filter(
	'get_canonical_url',
	function ( $url, $post ) {
		$original = sourcelink_field( $post, 'url' );
		return $original ? $original : $url;
	},
	10,
	2
);
add_filter(
	'wp_robots',
	function ( $robots ) {
		return is_singular( 'post' ) && sourcelink_field( get_queried_object_id(), 'noindex' ) ? wp_robots_no_robots( $robots ) : $robots;
	}
);
add_filter(
	'wp_sitemaps_posts_query_args',
	function ( $args ) {
		$args['meta_query'][] = array(
			'relation' => 'OR',
			array( 'key' => 'sourcelink_noindex', 'compare' => 'NOT EXISTS' ),
			array( 'key' => 'sourcelink_noindex', 'value' => '1', 'compare' => '!=' ),
		);
		return $args;
	}
);

/* Readers see who wrote and who published it, not the user that the sink logs in as. */
$sourcelink_author = function ( $name ) {
	$credit = is_admin() ? '' : sourcelink_field( null, 'credit' );
	return $credit ? esc_html( $credit ) : $name;
};
add_filter( 'the_author', $sourcelink_author );
add_filter( 'get_the_author_display_name', $sourcelink_author );

/* A text from which the Source link was edited away gets it back. */
add_filter(
	'the_content',
	function ( $content ) {
		$url = sourcelink_field( null, 'url' );
		if ( ! $url || strpos( $content, '>Source link</a>' ) !== false ) {
			return $content;
		}
		$credit = esc_html( sourcelink_field( null, 'credit' ) );
		return $content . '<p>' . $credit . ' — <a href="' . esc_url( $url ) . '" rel="noopener external">Source link</a></p>';
	},
	PHP_INT_MAX
);
